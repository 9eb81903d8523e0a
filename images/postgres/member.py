#!/usr/bin/python3 -BIS
"""The first process of a member's container: runs Patroni and looks after what runs beside it.

- PostgreSQL that died is found at once. Patroni itself looks every loop_wait seconds; here the death is known from the
  kernel, and Patroni is asked to look now.
- A primary that is told to end hands over first, and a standby that ends together with its primary stays until it has
  all of its WAL: ending.py.
- A Patroni that was killed is started again and takes over the server that went on without it. Clients see nothing.
- WAL that no repository takes is told of, and given up before it fills the volume: archive.py.
- A certificate that was renewed, and rules about logins that have changed, are taken up: Patroni and PostgreSQL read theirs
  again when told to, never by themselves.
- A first start from a backup that was broken off begins again: first_start.py.
- What Patroni decides is left alone: when it ends by itself, the container ends with its exit code.

Arguments: DATA_DIRECTORY TLS_FOLDER REST_API COMMAND…, where REST_API is host:port of Patroni's, and the last word of the
command is Patroni's configuration, with pg_hba.conf beside it.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time

# The modules beside this file; Python's isolated mode omits its folder.
sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from api_server import namespace, request
from archive import Waiting
from ending import Patroni, end_in_order, say
from first_start import begin_again

PR_SET_CHILD_SUBREAPER = 36
# A second death within this time is no coincidence: the kubelet's back-off handles it better.
STEADY_SECONDS = 10
LOOK_SECONDS = 5
# The annotation of the pod with what its member says about its archive.
ARCHIVE = 'db.example.com/archive'
FORWARDED = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)


def was_postmaster(pid, data_directory):
    """Whether this process was the server. A server that stopped in order has removed its PID file."""
    try:
        with open(f'{data_directory}/postmaster.pid', encoding='utf-8') as file:
            return file.readline().strip() == str(pid)
    except OSError:
        return False


def tell_of_archive(report):
    note = {'metadata': {'annotations': {ARCHIVE: report or None}}}
    request('PATCH', f'/api/v1/namespaces/{namespace()}/pods/{os.environ["POD_NAME"]}', note)


def apart(work, *arguments):
    """Runs a function in a child process, so that the first process continues to reap; returns the PID. It ends with 1
    when the function fails."""
    pid = os.fork()
    if pid:
        return pid
    for number in (signal.SIGTERM, *FORWARDED):
        signal.signal(number, signal.SIG_DFL)
    code = 1
    try:
        work(*arguments)
        code = 0
    # Whatever goes wrong, the child must not go on as a second first process.
    except Exception as error:
        say(f'{work.__name__}: {error}')
    finally:
        os._exit(code)


class Member:
    def __init__(self, data_directory, patroni, command):
        self.data_directory = data_directory
        self.patroni = patroni
        self.command = command
        self.ending = None
        self.settings = os.path.dirname(command[-1])
        self.archive = Waiting(data_directory)
        self.telling = None
        self.watched = (f'{patroni.tls}/tls.crt', os.path.join(self.settings, 'pg_hba.conf'))
        self.contents = {}
        self.reloads = 0
        self.look_at_files()
        self.start()

    def start(self):
        self.started = time.monotonic()
        self.child = subprocess.Popen(self.command)

    def forward(self, number, _frame=None):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.child.pid, number)

    def terminate(self, number, _frame):
        if self.ending is None:
            self.ending = apart(end_in_order, self.patroni, self.child.pid, self.data_directory)

    def look(self, _number, _frame):
        self.look_at_files()
        self.look_at_archive()

    def look_at_archive(self):
        """Tells of the WAL that waits, in an annotation of this pod; nothing while backups are off."""
        if self.telling is not None or not os.path.exists(f'{self.settings}/pgbackrest.conf'):
            return
        try:
            report = self.archive.look()
        except OSError as error:
            say(f'archive: {error}')
            return
        if report is not None:
            self.telling = apart(tell_of_archive, report)

    def look_at_files(self):
        """Makes Patroni and its server reload a changed file; twice, in case both were busy."""
        for path in self.watched:
            with contextlib.suppress(OSError), open(path, 'rb') as file:
                content = file.read()
                if self.contents.get(path, content) != content:
                    self.reloads = 2
                self.contents[path] = content
        if self.reloads:
            self.reloads -= 1
            self.forward(signal.SIGHUP)

    def run(self):
        """Reaps children until Patroni has ended; returns the exit code of the container."""
        while True:
            pid, status = os.wait()
            code = os.waitstatus_to_exitcode(status)
            if pid == self.ending:
                self.forward(signal.SIGTERM)
                self.forward(signal.SIGCONT)
            elif pid == self.telling:
                self.telling = None
                if code != 0:
                    self.archive.forget()
            elif pid != self.child.pid:
                if was_postmaster(pid, self.data_directory):
                    say('PostgreSQL is dead; waking Patroni')
                    apart(self.patroni.wake)
            elif code >= 0 or time.monotonic() - self.started < STEADY_SECONDS or self.ending is not None:
                return code if code >= 0 else 128 - code
            else:
                say(f'Patroni was killed by signal {-code}; starting it again beside its server')
                self.start()


def main():
    data_directory, tls, address, *command = sys.argv[1:]
    if os.getpid() != 1:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    begin_again(data_directory, os.environ.get('PATRONI_NAME', ''))
    member = Member(data_directory, Patroni(address, tls), command)
    signal.signal(signal.SIGTERM, member.terminate)
    for number in FORWARDED:
        signal.signal(number, member.forward)
    signal.signal(signal.SIGALRM, member.look)
    signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS, LOOK_SECONDS)
    sys.exit(member.run())


main()
