"""Puts the data of a member back to a backup, beside the present data, which are replaced only by whole ones.

Where a restore stands is told by the folders beside the data directory DATA, for a restore with the id ID:

- DATA-restore-ID: the data that are being restored and replayed. The present data are not touched meanwhile.
- The same with ID in its restores.json: they are whole. From here on the restore is finished, never taken back.
- DATA-before-ID: the former data, once the new ones have taken their place.

restores.json lies inside the data: backups, standbys and rewinds carry it along, so that a restore that is asked for again
is known to be done wherever these data have come to.
"""

import base64
import contextlib
import glob
import hashlib
import hmac
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import types
import unicodedata

from pgbackrest import Failed, PgBackRest
from records import at, read_json, sync, write_json
from recovery import Refused, Target
from restore import plan

RESTORES = 'restores.json'
# More than are asked for while one Database lives.
MOST_IDS = 100
KINDS = {'targetTime': 'time', 'targetLSN': 'lsn', 'targetName': 'name'}
POLL_SECONDS = 0.5
STOP_SECONDS = 120
ROLES = {'postgres': 'PATRONI_SUPERUSER_PASSWORD', 'replicator': 'PATRONI_REPLICATION_PASSWORD'}


def ids_of(data):
    """Ids of the restores that these data went through, oldest first; none without data."""
    ids = read_json(os.path.join(data, RESTORES))
    return [one for one in ids if isinstance(one, str)] if isinstance(ids, list) else []


def write_ids(folder, ids):
    write_json(os.path.join(folder, RESTORES), ids[-MOST_IDS:])


def swap(data, restore_id):
    """Puts whole restored data in the place of the former ones; goes on where an earlier try was broken off."""
    made = f'{data}-restore-{restore_id}'
    if os.path.exists(data):
        os.rename(data, f'{data}-before-{restore_id}')
        sync(os.path.dirname(data))
    os.rename(made, data)
    sync(os.path.dirname(data))


def settle(data, wanted=None):
    """Finishes a restore whose data are whole, and removes what is left of any other but the one that is wanted now."""
    for made in glob.glob(f'{data}-restore-*'):
        restore_id = made.removeprefix(f'{data}-restore-')
        if restore_id in ids_of(made):
            swap(data, restore_id)
        elif restore_id != wanted:
            shutil.rmtree(made)


def former(data):
    """Folders with the data from before a restore that has ended."""
    return [one for one in glob.glob(f'{data}-before-*') if one.removeprefix(f'{data}-before-') in ids_of(data)]


def control_of(folder):
    """Fields of `pg_controldata`."""
    environment = {**os.environ, 'LC_ALL': 'C'}
    done = subprocess.run(['pg_controldata', '-D', folder], env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failed('the control file of the data cannot be read')
    return {name: value.strip() for name, _, value in (line.partition(':') for line in done.stdout.splitlines())}


def target_of(request):
    for field, kind in KINDS.items():
        if field in request:
            return Target(kind, request[field])
    return Target('immediate')


def check(data, system):
    """Refuses a restore that these data cannot take."""
    if control_of(data)['Database system identifier'] != str(system):
        raise Refused('the backups are of another database system than the data; restore into a new Database')
    if os.listdir(os.path.join(data, 'pg_tblspc')):
        raise Refused('the data have tablespaces, whose files a restore in place would overwrite')


def prepare(folder, size):
    """Makes the folder to restore into; one of an earlier try is used again where pgBackRest recognises it."""
    if os.path.exists(folder):
        if any(os.path.exists(os.path.join(folder, name)) for name in ('PG_VERSION', 'backup.manifest')):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(os.path.join(folder, 'postmaster.pid'))
            return
        shutil.rmtree(folder)
    free = shutil.disk_usage(os.path.dirname(folder)).free
    if free < size:
        raise Refused(f'the backup needs {size} bytes beside the present data, and the volume has {free}')
    os.mkdir(folder, 0o700)


def recovery_settings(config, stanza, target, start):
    """PostgreSQL's settings of the replay. They are given on the command line, so that none of them stays in the data."""
    text = target.text
    if target.kind == 'time':
        text = re.sub('[Zz]$', '+00', re.sub('[Tt]', ' ', text))
    name = 'recovery_target' if target.kind == 'immediate' else f'recovery_target_{target.kind}'
    return {
        'restore_command': f'pgbackrest --config={config} --stanza={stanza} archive-get %f "%p"',
        'recovery_target_timeline': str(start.timeline or 'current'),
        'recovery_target_action': 'promote',
        # Of the record at a position PostgreSQL would replay the whole, which is what was written after it.
        'recovery_target_inclusive': 'off' if target.kind == 'lsn' else 'on',
        name: 'immediate' if target.kind == 'immediate' else text,
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


def make(request, data, config, stanza, say):
    """Restores and replays into the folder beside the data; returns what was restored."""
    folder = f'{data}-restore-{request["id"]}'
    with open(os.path.join(data, 'PG_VERSION'), encoding='utf-8') as file:
        major = file.read().strip()
    target = target_of(request)
    repository = PgBackRest(config, stanza, say)
    start, system, gap = plan(repository, types.SimpleNamespace(backup=request.get('backup'), major=major), target)
    check(data, system)
    timeline = start.timeline or start.backup.timeline
    say(f'backup {start.backup.label} of {at(start.backup.stop)}, timeline {timeline}')
    prepare(folder, start.backup.size)
    repository.run('restore', f'--set={start.backup.label}', '--type=none', f'--pg1-path={folder}', '--delta')
    replay(folder, recovery_settings(config, stanza, target, start))
    write_ids(folder, [*ids_of(folder), *(one for one in ids_of(data) if one not in ids_of(folder)), request['id']])
    return {'backup': start.backup.label, 'timeline': timeline, 'systemIdentifier': str(system), **({'gap': gap} if gap else {})}


def restore(request, data, config, stanza, say):
    """
    Puts the data back as the request says, once; returns the result as it is reported. Where it fails, the present data stay.
    Raises OSError when whole restored data cannot take their place: the next start tries again.
    """
    restore_id = request['id']
    folder = f'{data}-restore-{restore_id}'
    settle(data, restore_id)
    if restore_id in ids_of(data):
        return {'id': restore_id, 'state': 'restored'}
    made, reason = {}, ''
    try:
        made = make(request, data, config, stanza, say)
    except (Refused, Failed) as error:
        reason = str(error)
    except OSError as error:
        reason = f'the volume: {error.strerror}'
    except (LookupError, TypeError, ValueError) as error:
        say(f'{type(error).__name__}: {error}')
        reason = 'the repository cannot be read'
    if restore_id in ids_of(folder):
        swap(data, restore_id)
        say('the data are restored')
        return {'id': restore_id, 'state': 'restored', **made}
    say(f'failed, and the present data stay: {reason}')
    shutil.rmtree(folder, ignore_errors=True)
    return {'id': restore_id, 'state': 'failed', 'reason': reason}
