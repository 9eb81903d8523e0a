"""How a member ends that was told to, before Patroni is.

- A primary whose place another takes: the server stops in order, which sends all its WAL to the standbys, and Patroni,
  woken, gives the lock away. Patroni's own way waits whole seconds in between.
- A standby whose primary ends as well (the Database goes to sleep, or goes): it stays until it has all that the primary
  sends while it stops. Whoever leads after they wake has every acknowledged write then, also with asynchronous
  replication.

Whatever fails here is left to Patroni's own way.
"""

import contextlib
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time

from api_server import is_ending

# Long enough for a standby to receive what it lacks, short enough for the pod's grace period.
STOP_SECONDS = 20
CHECKPOINT_SECONDS = 5
HANDED_OVER_SECONDS = 3
# Pods that are deleted together are not deleted in the same instant.
TOGETHER_SECONDS = 1
RECEIVING = "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'"


def say(text):
    print(f'member: {text}', file=sys.stderr, flush=True)


class Patroni:
    """Patroni's REST API in the same container."""

    def __init__(self, address, tls):
        self.address = address
        self.tls = tls

    def ask(self, method, path, body=None):
        """Returns the status and the JSON of an answer; raises OSError without one."""
        context = ssl.create_default_context(cafile=f'{self.tls}/ca.crt')
        context.load_cert_chain(f'{self.tls}/tls.crt', f'{self.tls}/tls.key')
        connection = http.client.HTTPSConnection(self.address, timeout=2, context=context)
        connection.request(method, path, json.dumps(body) if body else None)
        response = connection.getresponse()
        return response.status, json.loads(response.read() or 'null')

    def wake(self):
        """Starts Patroni's next round at once: an empty change wakes it without a write."""
        self.ask('PATCH', '/config', {'nothing': None})

    def leads(self):
        return self.ask('GET', '/leader')[0] == http.client.OK

    def leader(self):
        """The name of the leader; None without one."""
        members = self.ask('GET', '/cluster')[1].get('members', [])
        return next((one['name'] for one in members if one.get('role') == 'leader'), None)


def until(is_done, seconds, pause):
    """Polls a condition, and returns whether it became true in time."""
    end = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() >= end:
            return False
        time.sleep(pause)
    return True


def psql(statement):
    """Returns the output of a statement; raises SubprocessError when it fails or takes too long."""
    command = ['psql', '-qAtXwd', 'postgres', '-c', statement]
    return subprocess.run(command, timeout=CHECKPOINT_SECONDS, check=True, capture_output=True, text=True).stdout.strip()


def hand_over(patroni, streaming, data_directory):
    """Stops a primary in order and waits until it has released the leader lock, if a standby stays that can lead."""
    if not streaming:
        return
    # A checkpoint now, while clients continue, shortens the one during which they wait.
    with contextlib.suppress(subprocess.SubprocessError):
        psql('CHECKPOINT')
    if all(is_ending(standby) for standby in streaming):
        return
    say('handing over')
    subprocess.run(['pg_ctl', '-D', data_directory, '-m', 'fast', '-t', str(STOP_SECONDS), '-s', 'stop'], check=True)
    patroni.wake()
    until(lambda: not patroni.leads(), HANDED_OVER_SECONDS, 0.05)


def receive_to_the_end(patroni, patroni_pid):
    """Keeps a standby running until its primary, which ends as well, has sent all of its WAL."""
    leader = patroni.leader()
    if leader is None or not until(lambda: is_ending(leader), TOGETHER_SECONDS, 0.2):
        return
    say(f'{leader} ends as well; receiving what it still sends')
    # Otherwise this standby would take the released leader lock for its last second.
    os.kill(patroni_pid, signal.SIGSTOP)
    until(lambda: psql(RECEIVING) == '0', STOP_SECONDS, 0.1)


def end_in_order(patroni, patroni_pid, data_directory):
    """Runs before Patroni ends. Does nothing while Patroni is paused."""
    _, seen = patroni.ask('GET', '/patroni')
    if seen.get('pause'):
        return
    if seen.get('role') == 'primary':
        standbys = [one for one in seen.get('replication', []) if one.get('state') == 'streaming']
        hand_over(patroni, [one['application_name'] for one in standbys], data_directory)
    elif seen.get('role') == 'replica':
        receive_to_the_end(patroni, patroni_pid)
