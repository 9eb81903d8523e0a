"""Replays WAL on restored data to a target, with a server that no client reaches, and stops it in order."""

import base64
import contextlib
import hashlib
import hmac
import os
import signal
import subprocess
import tempfile
import time
import unicodedata

from control_data import control_of
from pgbackrest import Failed

POLL_SECONDS = 0.5
STOP_SECONDS = 120
ROLES = {'postgres': 'PATRONI_SUPERUSER_PASSWORD', 'replicator': 'PATRONI_REPLICATION_PASSWORD'}


def recovery_settings(config, stanza, target, start):
    """PostgreSQL's settings of the replay. They are given on the command line, so that none of them stays in the data."""
    name = 'recovery_target' if target.kind == 'immediate' else f'recovery_target_{target.kind}'
    return {
        'restore_command': f'pgbackrest --config={config} --stanza={stanza} archive-get %f "%p"',
        'recovery_target_timeline': str(start.timeline or 'current'),
        'recovery_target_action': 'promote',
        # Of the record at a position PostgreSQL would replay the whole, which is what was written after it.
        'recovery_target_inclusive': 'off' if target.kind == 'lsn' else 'on',
        name: 'immediate' if target.kind == 'immediate' else target.for_postgresql,
    }


def server_settings(folder):
    """
    A server that no client reaches. It archives nothing yet: its history and WAL wait for Patroni's start, so that a restore
    that fails leaves no trace in the archive. Without standby queries the replay needs no settings as large as the primary's.
    """
    hba = os.path.join(folder, 'pg_hba.conf')
    with open(hba, 'w', encoding='utf-8') as file:
        file.write('local all all peer\n')
    return {
        'archive_command': '',
        'archive_mode': 'on',
        'hba_file': hba,
        'hot_standby': 'off',
        'listen_addresses': '',
        'log_min_duration_statement': '-1',
        'log_statement': 'none',
        'primary_conninfo': '',
        'primary_slot_name': '',
        'ssl': 'off',
        'synchronous_standby_names': '',
        'unix_socket_directories': folder,
    }


def verifier(password):
    """The SCRAM verifier of a password (RFC 5803): what is written is no password, in no log."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac('sha256', unicodedata.normalize('NFKC', password).encode(), salt, 4096)
    stored = hashlib.sha256(hmac.digest(salted, b'Client Key', 'sha256')).digest()
    parts = [base64.b64encode(one).decode() for one in (salt, stored, hmac.digest(salted, b'Server Key', 'sha256'))]
    return 'SCRAM-SHA-256$4096:{}${}:{}'.format(*parts)


def psql(folder, statements):
    """Runs statements; returns whether the server took them."""
    command = ['psql', '-qAtXw', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-U', 'postgres', '-d', 'postgres']
    return subprocess.run(command, input=statements, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def passwords():
    """
    Statements that put the members' passwords in force again: the data have those of the day of the backup, with which no
    member can follow.
    """
    return ''.join(
        f"ALTER ROLE {role} PASSWORD '{verifier(os.environ[name])}';\n" for role, name in ROLES.items() if os.environ.get(name)
    )


def replay(folder, settings):
    """Replays the WAL until PostgreSQL has left the recovery, and stops the server in order."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, 'standby.signal'))
    with open(os.path.join(folder, 'recovery.signal'), 'w', encoding='utf-8'):
        pass
    with tempfile.TemporaryDirectory(prefix='restore-') as sockets:
        options = [f'--{name}={value}' for name, value in {**server_settings(sockets), **settings}.items()]
        server = subprocess.Popen(
            ['postgres', '-D', folder, *options], env={**os.environ, 'PGBACKREST_PG1_PATH': folder}, stdin=subprocess.DEVNULL
        )
        try:
            while not psql(sockets, 'SELECT 1'):
                if server.poll() is not None:
                    raise Failed('PostgreSQL did not reach the target; the log of the member says why')
                time.sleep(POLL_SECONDS)
            if not psql(sockets, f'{passwords()}CHECKPOINT;'):
                raise Failed('the passwords of the members could not be set in the restored data')
        finally:
            stop(server)
    if control_of(folder)['Database cluster state'] != 'shut down':
        raise Failed('PostgreSQL did not stop in order after the replay')


def stop(server):
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
