#!/usr/bin/python3 -BIS
"""Makes the data of a member from a backup, as Patroni's bootstrap method of a first start. Patroni then replays the WAL.

- With --recover the Database's own repository comes first: its newest backup, to the end of the archive. Without any backup
  there, the data come from the source (--from) when there is one, else from initdb. A repository that cannot be read, or whose
  archive still grows, ends the start: a silent bucket is not an empty one.
- The backup and the timeline are chosen before anything is restored (recovery.py). A target that cannot be reached is
  refused: a backup that does not exist, a moment before the first backup or behind the archive, another major version,
  too small a volume.
- pgBackRest restores into DATA.restoring, and only a whole restore is renamed to DATA: Patroni never finds half of one. A
  restore that was broken off is continued.
- What was restored is written beside the data, into restored.json. The same restore on data that it made does nothing;
  on any other data it is refused.
- What came of it is one line of JSON, on standard output and in the termination message. It names steps and exit codes of
  pgBackRest, and never repeats what pgBackRest said, which is in the log.

Exit codes: 0 the data are there, 1 failed, 2 wrong arguments, 3 refused: trying again does not help.
"""

import argparse
import json
import os
import sys
import time

# Beside this file; the isolated mode leaves its folder out.
sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from arguments import NAME, matching
from first_data import exists, folder_for, initdb, prepare
from own_backups import await_silence, check_alone, has_backups
from pgbackrest import Failed, PgBackRest
from planning import known, pgbackrest_options, plan, plan_from
from records import at, read_json, write_json, write_outcome
from recovery import Refused, Target

RECORD = 'restored.json'
FAILED, REFUSED = 1, 3
# The source's keys in the environment, where the Database's own have the names that pgBackRest reads.
SOURCE_KEYS, KEYS = 'SOURCE_REPO1_', 'PGBACKREST_REPO1_'


def arguments():
    parser = argparse.ArgumentParser(prog='ballast-restore', allow_abbrev=False)
    parser.add_argument('--recover', metavar='CONFIG', help="pgbackrest.conf of the Database's own repository")
    parser.add_argument('--database', type=matching(NAME, 'a name'), help='the stanza there')
    parser.add_argument('--initdb', action='append', default=[], metavar='OPTION', help='an option of initdb, without its dashes')
    parser.add_argument('--config', help='pgbackrest.conf of the source')
    parser.add_argument('--from', dest='source', type=matching(NAME, 'a name'), help='the stanza of the source')
    parser.add_argument('--data', required=True, help='the data directory')
    parser.add_argument('--major', type=matching('[1-9][0-9]', 'a major version'), required=True)
    parser.add_argument('--id', type=matching('[0-9a-f]{16}', '16 hex digits'), help='of the restore from the source')
    parser.add_argument('--backup', type=matching(NAME, 'the name of a backup'), help='label, or name of the DatabaseBackup')
    target = parser.add_mutually_exclusive_group()
    time_of_day = r'[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})'
    target.add_argument('--target-time', type=matching(f'[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[Tt ]{time_of_day}', 'a time with a zone'))
    target.add_argument('--target-lsn', type=matching('[0-9A-F]{1,8}/[0-9A-F]{1,8}', 'a position in the WAL'))
    target.add_argument('--target-name', type=matching('[-A-Za-z0-9_.:@+= ]{1,63}', 'the name of a restore point'))
    parser.add_argument('--termination-log', default='/dev/termination-log')
    options = parser.parse_args()
    if (options.recover is None) != (options.database is None):
        parser.error('--recover and --database go together')
    if len({one is None for one in (options.config, options.source, options.id)}) > 1:
        parser.error('--config, --from and --id go together')
    if options.recover is None and options.source is None:
        parser.error('one of --recover and --from is needed')
    return options


def target_of(options):
    for kind in ('time', 'lsn', 'name'):
        text = getattr(options, f'target_{kind}')
        if text is not None:
            return Target(kind, text)
    return Target('immediate' if options.backup else 'default')


def say(text):
    print(f'restore: {text}', file=sys.stderr, flush=True)


def record_of(folder):
    """What was restored here before; empty when nothing was, or it cannot be read."""
    record = read_json(os.path.join(folder, RECORD))
    return record if isinstance(record, dict) else {}


def restored(repository, found, target, folder):
    """Restores into the folder what was planned; gives what is written beside the data."""
    start, system_identifier, gap = found
    timeline = start.timeline or start.backup.timeline
    say(f'backup {start.backup.label} of {at(start.backup.stop)}, timeline {timeline}')
    prepare(folder, start.backup.size)
    repository.run('restore', *pgbackrest_options(target, start, folder))
    return {
        'from': repository.stanza,
        'backup': start.backup.label,
        'timeline': timeline,
        'target': {'type': target.kind, **({'value': target.text} if target.text else {})},
        **({'gap': gap} if gap else {}),
        'systemIdentifier': str(system_identifier),
    }


def from_own(repository, major, folder):
    """Restores the newest state of the Database's own backups."""
    target = Target('default')
    found = await_silence(lambda: known(repository, major), say)
    return {'own': True, **restored(repository, plan_from(found, None, target), target, folder)}


def from_source(options, folder):
    """Restores the state of the source that is asked for."""
    keys = {name.replace(SOURCE_KEYS, KEYS, 1): text for name, text in os.environ.items() if name.startswith(SOURCE_KEYS)}
    os.environ.update(keys)
    repository, target = PgBackRest(options.config, options.source, say), target_of(options)
    return {'id': options.id, **restored(repository, plan(repository, options.major, options.backup, target), target, folder)}


def make(options, folder):
    """Makes the data in the folder, and gives what is written beside them."""
    if options.recover is None:
        return from_source(options, folder)
    own = PgBackRest(options.recover, options.database, say)
    check_alone(options.database)
    if has_backups(own):
        record = from_own(own, options.major, folder)
    else:
        say(f'the repository has no backups of {own.stanza}')
        record = from_source(options, folder) if options.source else initdb(folder, options.initdb)
    check_alone(options.database)
    return record


def was_made(options, record):
    """Whether the data are those of an earlier run with these options."""
    return record.get('id') == options.id if options.recover is None else bool(record)


def restore(options):
    """Makes the data; gives what is written beside them, and whether it was there before."""
    volume = os.path.dirname(options.data)
    if exists(options.data) and os.listdir(options.data):
        record = record_of(volume)
        if was_made(options, record) and exists(options.data, 'global', 'pg_control'):
            return record, True
        raise Refused('there are data already, which this restore did not make')
    folder = folder_for(options.data)
    record = {**make(options, folder), 'at': at(time.time())}
    write_json(os.path.join(volume, RECORD), record)
    os.rename(folder, options.data)
    return record, False


def result(options):
    """The exit code, and the outcome as it is told."""
    try:
        record, was_there = restore(options)
        return 0, {'succeeded': True, **({'nothingToDo': True} if was_there else {}), **record}
    except Refused as error:
        return REFUSED, {'succeeded': False, 'refused': True, 'reason': str(error)}
    except Failed as error:
        return FAILED, {'succeeded': False, 'reason': str(error)}
    except OSError as error:
        return FAILED, {'succeeded': False, 'reason': f'the volume: {error.strerror}'}
    except (LookupError, TypeError, ValueError) as error:
        say(f'{type(error).__name__}: {error}')
        return FAILED, {'succeeded': False, 'reason': 'the repository cannot be read'}


def main():
    options = arguments()
    code, outcome = result(options)
    line = json.dumps(outcome, separators=(',', ':'))
    print(line, flush=True)
    write_outcome(options.termination_log, line, say)
    sys.exit(code)


if __name__ == '__main__':
    main()
