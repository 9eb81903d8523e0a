#!/usr/bin/python3 -IS
"""The first process of a member's container: runs Patroni and looks after what runs beside it.

- PostgreSQL that died is found at once. Patroni itself looks every loop_wait seconds; here the death is known from the
  kernel, and Patroni is asked to look now.
- A primary that is told to end hands over first: the server stops in order, which sends all its WAL to the standbys, and
  Patroni, woken, gives the lock away. Patroni's own way waits whole seconds in between.
- A Patroni that was killed is started again and takes over the server that went on without it. Clients see nothing.
- A certificate that was renewed is taken up: Patroni and PostgreSQL read theirs again when told to, never by themselves.
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
# Long enough for a standby to receive what it lacks, short enough for the pod's grace period.
STOP_SECONDS = 20
CHECKPOINT_SECONDS = 5
HANDED_OVER_SECONDS = 3
LOOK_AT_CERTIFICATE_SECONDS = 10
FORWARDED = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)


def say(text):
    print(f'member: {text}', file=sys.stderr, flush=True)


class Patroni:
    """Patroni's REST API in the same container."""

    def __init__(self, address, tls):
        self.address = address
        self.tls = tls

    def ask(self, method, path, body=None):
        """The status and the JSON of an answer; OSError when there is none."""
        context = ssl.create_default_context(cafile=f'{self.tls}/ca.crt')
        context.load_cert_chain(f'{self.tls}/tls.crt', f'{self.tls}/tls.key')
        connection = http.client.HTTPSConnection(self.address, timeout=2, context=context)
        connection.request(method, path, json.dumps(body) if body else None)
        response = connection.getresponse()
        return response.status, json.loads(response.read() or 'null')

    def wake(self):
        """Has it look at once. A change of nothing is what wakes it and writes nothing."""
        self.ask('PATCH', '/config', {'nothing': None})

    def can_hand_over(self):
        """Whether this is the primary, a standby follows it, and nobody has told Patroni to keep its hands off."""
        _, seen = self.ask('GET', '/patroni')
        streaming = [one for one in seen.get('replication', []) if one.get('state') == 'streaming']
        return seen.get('role') == 'primary' and bool(streaming) and not seen.get('pause')

    def leads(self):
        return self.ask('GET', '/leader')[0] == http.client.OK


def was_postmaster(pid, data_directory):
    """Whether this process was the server. One that stopped in order has taken its file away."""
    try:
        with open(f'{data_directory}/postmaster.pid', encoding='utf-8') as file:
            return file.readline().strip() == str(pid)
    except OSError:
        return False


def hand_over(patroni, data_directory):
    """Stops a primary in order and waits until it leads no more. Whatever fails is left to Patroni's own way."""
    if not patroni.can_hand_over():
        return
    say('handing over')
    # What is written now, while clients go on, need not be written while they wait.
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(['psql', '-qXwd', 'postgres', '-c', 'CHECKPOINT'], timeout=CHECKPOINT_SECONDS)
    subprocess.run(['pg_ctl', '-D', data_directory, '-m', 'fast', '-t', str(STOP_SECONDS), '-s', 'stop'], check=True)
    patroni.wake()
    end = time.monotonic() + HANDED_OVER_SECONDS
    while patroni.leads() and time.monotonic() < end:
        time.sleep(0.05)


def apart(work, *arguments):
    """Runs it in a process of its own, so that the first one goes on reaping; gives its number."""
    pid = os.fork()
    if pid:
        return pid
    for number in (signal.SIGTERM, *FORWARDED):
        signal.signal(number, signal.SIG_DFL)
    try:
        work(*arguments)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        say(f'{work.__name__}: {error}')
    os._exit(0)


class Member:
    def __init__(self, data_directory, patroni, command):
        self.data_directory = data_directory
        self.patroni = patroni
        self.command = command
        self.handing_over = None
        self.certificate = None
        self.reloads = 0
        self.look_at_certificate()
        self.start()

    def start(self):
        self.started = time.monotonic()
        self.child = subprocess.Popen(self.command)

    def forward(self, number, _frame=None):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.child.pid, number)

    def terminate(self, number, _frame):
        if self.handing_over is None:
            self.handing_over = apart(hand_over, self.patroni, self.data_directory)

    def look_at_certificate(self, _number=None, _frame=None):
        """Has Patroni and its server read their certificate again after it changed; twice, should both have been busy."""
        with contextlib.suppress(OSError), open(f'{self.patroni.tls}/tls.crt', 'rb') as file:
            certificate = file.read()
            if certificate != self.certificate:
                self.reloads = 0 if self.certificate is None else 2
                self.certificate = certificate
        if self.reloads:
            self.reloads -= 1
            self.forward(signal.SIGHUP)

    def run(self):
        """Reaps until Patroni has ended; gives the exit code of the container."""
        while True:
            pid, status = os.wait()
            code = os.waitstatus_to_exitcode(status)
            if pid == self.handing_over:
                self.forward(signal.SIGTERM)
            elif pid != self.child.pid:
                if was_postmaster(pid, self.data_directory):
                    say('PostgreSQL is dead; waking Patroni')
                    apart(self.patroni.wake)
            elif code >= 0 or time.monotonic() - self.started < STEADY_SECONDS or self.handing_over is not None:
                return code if code >= 0 else 128 - code
            else:
                say(f'Patroni was killed by signal {-code}; starting it again beside its server')
                self.start()


def main():
    data_directory, tls, address, *command = sys.argv[1:]
    if os.getpid() != 1:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    member = Member(data_directory, Patroni(address, tls), command)
    signal.signal(signal.SIGTERM, member.terminate)
    for number in FORWARDED:
        signal.signal(number, member.forward)
    signal.signal(signal.SIGALRM, member.look_at_certificate)
    signal.setitimer(signal.ITIMER_REAL, LOOK_AT_CERTIFICATE_SECONDS, LOOK_AT_CERTIFICATE_SECONDS)
    sys.exit(member.run())


main()
