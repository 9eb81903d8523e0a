"""Puts the data of a member back to a backup, beside the present data, which are replaced only by whole ones.

Where a restore stands is told by the folders beside the data directory DATA, for a restore with the id ID:

- DATA-restore-ID: the data that are being restored and replayed. The present data are not touched meanwhile.
- The same with ID in its restores.json: they are whole. From here on the restore is finished, never taken back.
- DATA-before-ID: the former data, once the new ones have taken their place.

restores.json lies inside the data: backups, standbys and rewinds carry it along, so that a restore that is asked for again
is known to be done wherever these data have come to.
"""

import glob
import os
import shutil

import first_data
from control_data import control_of
from pgbackrest import Failed, PgBackRest
from planning import plan
from records import at, read_json, sync, write_json
from recovery import Refused, Target
from replay import recovery_settings, replay

RESTORES = 'restores.json'
# More than are asked for while one Database lives.
MOST_IDS = 100
KINDS = {'targetTime': 'time', 'targetLSN': 'lsn', 'targetName': 'name'}


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
    os.makedirs(folder, 0o700, exist_ok=True)
    first_data.prepare(folder, size, ' beside the present data')


def make(request, data, config, stanza, say):
    """Restores and replays into the folder beside the data; returns what was restored."""
    folder = f'{data}-restore-{request["id"]}'
    with open(os.path.join(data, 'PG_VERSION'), encoding='utf-8') as file:
        major = file.read().strip()
    target = target_of(request)
    repository = PgBackRest(config, stanza, say)
    start, system, gap = plan(repository, major, request.get('backup'), target)
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
