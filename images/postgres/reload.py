#!/usr/bin/python3 -BIS
"""Runs a server and sends it SIGHUP when a file has changed, for servers that reload a renewed certificate only on a signal.

It is the first process of its container: passes on the signals that it gets, reaps, and ends with the server's exit code.

Arguments: FILE COMMAND…
"""

import contextlib
import os
import signal
import subprocess
import sys

LOOK_SECONDS = 10
FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)


def read(path):
    """The content of the file; None while the kubelet swaps the folder."""
    try:
        with open(path, 'rb') as file:
            return file.read()
    except OSError:
        return None


def main():
    path, *command = sys.argv[1:]
    seen = read(path)
    child = subprocess.Popen(command)

    def forward(number, _frame=None):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, number)

    def look(_number, _frame):
        nonlocal seen
        content = read(path)
        if content is None or content == seen:
            return
        if seen is not None:
            print(f'reload: {path} has changed', file=sys.stderr, flush=True)
            forward(signal.SIGHUP)
        seen = content

    for number in FORWARDED:
        signal.signal(number, forward)
    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS, LOOK_SECONDS)
    while True:
        pid, status = os.wait()
        if pid == child.pid:
            code = os.waitstatus_to_exitcode(status)
            sys.exit(code if code >= 0 else 128 - code)


main()
