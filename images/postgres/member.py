#!/usr/bin/python3 -BIS
"""The first process of a member's container: runs Patroni and looks after what runs beside it.

- PostgreSQL that died is found at once. Patroni itself looks every loop_wait seconds; here the death is known from the
  kernel, and Patroni is asked to look now.
- A primary that is told to end hands over first, and a standby that ends together with its primary stays until it has
  all of its WAL: ending.py.
- A Patroni that was killed is started again and takes over the server that went on without it. Clients see nothing.
- WAL that no repository takes is told of, and given up before it fills the volume: waiting.py.
- A certificate that was renewed, and rules about logins that have changed, are taken up: Patroni and PostgreSQL read theirs
  again when told to, never by themselves.
- A first start from a backup that was broken off begins again: first_start.py.
- While its Database is restored in place, a member waits, or restores: hold.py.
- What Patroni decides is left alone: when it ends by itself, the container ends with its exit code.

Arguments: DATA_DIRECTORY TLS_FOLDER REST_API COMMAND…, where REST_API is host:port of Patroni's, and the last word of the
command is Patroni's configuration, with pg_hba.conf beside it.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time

# The modules beside this file; Python's isolated mode omits its folder.
sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from api_server import namespace, request
from ending import Patroni, end_in_order, say
from first_start import begin_again
from hold import Done, hold, note_done
from in_place import former
from waiting import Waiting

PR_SET_CHILD_SUBREAPER = 36
# A second death within this time is no coincidence: the kubelet's back-off handles it better.
STEADY_SECONDS = 10
LOOK_SECONDS = 5
# The data from before a restore in place are kept until the restored ones have served for so long.
FORMER_SECONDS = 60
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


def remove_former(data_directory):
    for folder in former(data_directory):
        say(f'removing {folder}, the data from before a restore')
        shutil.rmtree(folder)


class Member:
    def __init__(self, data_directory, patroni, command, was_held):
        self.data_directory = data_directory
        self.patroni = patroni
        self.command = command
        self.ending = None
        self.settings = os.path.dirname(command[-1])
        self.archive = Waiting(data_directory)
        self.done = Done(data_directory)
        # Children that tell something, by PID, with what is to tell it again when they fail.
        self.telling = {}
        self.was_held = was_held
        self.leads_since = None
        self.removing = None
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
        # Nothing of this is asked while backups are off.
        if os.path.exists(f'{self.settings}/pgbackrest.conf'):
            self.tell(self.archive, tell_of_archive)
            self.tell(self.done, note_done)
            self.look_at_former()

    def tell(self, source, work):
        """Tells the API server what is new; a source tells one thing at a time."""
        if source in self.telling.values():
            return
        try:
            report = source.look()
        except OSError as error:
            say(f'{work.__name__}: {error}')
            return
        if report is not None:
            self.telling[apart(work, report)] = source

    def look_at_former(self):
        """Removes the data from before a restore in place, after this member has led with the restored ones for a while."""
        data = self.data_directory
        # Once the restore is over, which a start without a request shows, a standby needs them no more either.
        serves = os.path.exists(f'{data}/postmaster.pid') and not (self.was_held and os.path.exists(f'{data}/standby.signal'))
        if not serves:
            self.leads_since = None
            return
        self.leads_since = self.leads_since or time.monotonic()
        if self.removing is None and time.monotonic() - self.leads_since >= FORMER_SECONDS and former(data):
            self.removing = apart(remove_former, data)

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
            elif pid in self.telling:
                source = self.telling.pop(pid)
                if code != 0:
                    source.forget()
            elif pid == self.removing:
                self.removing = None
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
    # The first process of a container gets no signal that it does not handle.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    name = os.environ.get('PATRONI_NAME', '')
    was_held = not hold(name, data_directory, os.path.dirname(command[-1]), address, tls)
    begin_again(data_directory, name)
    member = Member(data_directory, Patroni(address, tls), command, was_held)
    signal.signal(signal.SIGTERM, member.terminate)
    for number in FORWARDED:
        signal.signal(number, member.forward)
    signal.signal(signal.SIGALRM, member.look)
    signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS, LOOK_SECONDS)
    sys.exit(member.run())


main()
