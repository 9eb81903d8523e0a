#!/usr/bin/python3 -IS
"""The first process of a member's container: runs Patroni and looks after what runs beside it.

- PostgreSQL that died is found at once. Patroni itself looks every loop_wait seconds; here the death is known from the
  kernel, and Patroni is asked to look now.
- A Patroni that was killed is started again and takes over the server that went on without it. Clients see nothing.
- What Patroni decides is left alone: when it ends by itself, the container ends with its exit code.

Arguments: DATA_DIRECTORY TLS_FOLDER REST_API COMMAND…, where REST_API is host:port of Patroni's.
"""

import contextlib
import ctypes
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
# A second death within this time is not bad luck: the kubelet's back-off is the better answer.
STEADY_SECONDS = 10
FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)


def was_postmaster(pid, data_directory):
    """Whether this process was the server. One that stopped in order has taken its file away."""
    try:
        with open(f'{data_directory}/postmaster.pid', encoding='utf-8') as file:
            return file.readline().strip() == str(pid)
    except OSError:
        return False


def wake_patroni(rest_api, tls):
    """Asks Patroni to look at once, in a process of its own. A change of nothing is what wakes it and writes nothing."""
    if os.fork():
        return
    context = ssl.create_default_context(cafile=f'{tls}/ca.crt')
    context.load_cert_chain(f'{tls}/tls.crt', f'{tls}/tls.key')
    try:
        connection = http.client.HTTPSConnection(rest_api, timeout=2, context=context)
        connection.request('PATCH', '/config', json.dumps({'nothing': None}))
        print(f'PostgreSQL is dead; woke Patroni: {connection.getresponse().status}', file=sys.stderr)
    except OSError as error:
        print(f'PostgreSQL is dead; Patroni was not woken and will see at its next loop: {error}', file=sys.stderr)
    os._exit(0)


def main():
    data_directory, tls, rest_api, *command = sys.argv[1:]
    if os.getpid() != 1:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    patroni = subprocess.Popen(command)
    started = time.monotonic()

    def forward(number, _frame):
        with contextlib.suppress(ProcessLookupError):
            os.kill(patroni.pid, number)

    for number in FORWARDED:
        signal.signal(number, forward)
    while True:
        pid, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        if pid != patroni.pid:
            if was_postmaster(pid, data_directory):
                wake_patroni(rest_api, tls)
        elif code >= 0 or time.monotonic() - started < STEADY_SECONDS:
            sys.exit(code if code >= 0 else 128 - code)
        else:
            print(f'Patroni was killed by signal {-code}; starting it again beside its server', file=sys.stderr)
            patroni = subprocess.Popen(command)
            started = time.monotonic()


main()
