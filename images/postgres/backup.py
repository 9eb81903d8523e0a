#!/usr/bin/python3 -BIS
"""Makes one backup with pgBackRest and afterwards takes away the backups that retention no longer holds.

- The stanza is made when the repository has none, and checked: a segment of WAL must arrive in the archive.
- The backup is full when there is no full one, when the newest full one is older than --full-every-days and no
  incremental one is asked for, or when a full one is; otherwise incremental.
- Backups are expired one by one, newest first, after those that stay were worked out (retention.py); then the WAL that
  is older than the oldest full one. A failure there is a warning: the backup is good.
- What came of it is one line of JSON in the termination message. It names steps and exit codes of pgBackRest, and never
  repeats what pgBackRest said, which is in the log.
- With --repository, it is told to the controller, too, together with all backups of the repository: listing.py.
"""

import argparse
import contextlib
import json
import os
import re
import sys
import time

# Beside this file; the isolated mode leaves its folder out.
sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from gaps import gaps, stored_in
from listing import entry, tell
from own_backups import await_silence
from pgbackrest import NO_BACKUP, NO_STANZA, OTHER_SYSTEM, Failed, PgBackRest, say
from records import write_outcome
from retention import DAY_SECONDS, FOR_EVER, KEEP, Unreadable, keep_set
from turn import wait

NAME = re.compile(r'[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?')
# The most that pgBackRest takes: no backup is ever expired by a count of full ones.
NO_LIMIT = 9_999_999
# Exit codes of pgBackRest when no standby can be reached, and when it is not as far as the primary in time.
NO_STANDBY = {56, 82}
# A job does not start at the same second each day; without this, a full backup each seven days would become one each eight.
SLACK_SECONDS = 3600


def number(text):
    value = int(text)
    if not 0 <= value <= 100_000:
        raise argparse.ArgumentTypeError('must be between 0 and 100000')
    return value


def name(text):
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError('must be a name of Kubernetes')
    return text


def arguments():
    parser = argparse.ArgumentParser(prog='ballast-backup', allow_abbrev=False)
    parser.add_argument('--engine', choices=['postgresql'], default='postgresql')
    parser.add_argument('--database', type=name, required=True, help='name of the Database, and of the stanza')
    parser.add_argument('--config', required=True, help='pgbackrest.conf')
    parser.add_argument('--type', choices=['auto', 'full', 'incremental'], default='auto')
    parser.add_argument('--from-standby', action='store_true', help='read the files from a standby where there is one')
    parser.add_argument('--full-every-days', type=number, default=7)
    parser.add_argument('--keep-days', type=number)
    parser.add_argument('--keep-count', type=number)
    parser.add_argument('--backup', type=name, help='name of the DatabaseBackup')
    parser.add_argument('--schedule', type=name, help='name of the DatabaseBackup whose schedule it is')
    parser.add_argument('--keep', choices=['retention', FOR_EVER], default='retention')
    parser.add_argument('--repository', type=name, help='fingerprint of the repository, for the list of backups')
    parser.add_argument('--termination-log', default='/dev/termination-log')
    return parser.parse_args()


def type_of_next(backups, now, full_every_days, asked):
    """`full` or `incr`: without a full one to build on, every backup is full."""
    fulls = [one['timestamp']['start'] for one in backups if one['type'] == 'full']
    if asked == 'incremental' and fulls:
        return 'incr'
    if asked == 'full' or not fulls or now - max(fulls) >= full_every_days * DAY_SECONDS - SLACK_SECONDS:
        return 'full'
    return 'incr'


def newest(backups):
    return max(backups, key=lambda one: (one['timestamp']['stop'], one['label']))


def ready(pgbackrest):
    """Makes the stanza when there is none, and checks that archiving works; gives the backups that are there."""
    stanza = pgbackrest.info()
    if stanza['status']['code'] in NO_STANZA:
        pgbackrest.run('stanza-create')
    try:
        pgbackrest.run('check')
    except Failed as error:
        if error.code != OTHER_SYSTEM or stanza['status']['code'] != NO_BACKUP or stanza['backup']:
            raise
        take_over(pgbackrest, stanza)
    return pgbackrest.backups()


def take_over(pgbackrest, stanza):
    """Gives a stanza to this database that another has begun, and left before its first backup: nothing can be restored from there."""
    archive = max(stanza['archive'], key=lambda one: one['database']['id'])['id']
    await_silence(lambda: (None, pgbackrest.archived(archive)), say)
    pgbackrest.run('stanza-upgrade')
    pgbackrest.run('check')


def copy(pgbackrest, from_standby, options):
    """Reads the files from a standby where one can be reached and keeps up, else from the primary. pgBackRest chooses by
    itself from 2.54 on only (backup-standby=prefer)."""
    if from_standby:
        try:
            return pgbackrest.run('backup', '--backup-standby', *options)
        except Failed as error:
            if error.code not in NO_STANDBY:
                raise
    return pgbackrest.run('backup', '--no-backup-standby', *options)


def back_up(pgbackrest, options):
    """Makes the backup, unless it is there; gives it as `info` has it."""
    before = ready(pgbackrest)
    # A run that was ended after its backup, and is tried again.
    done = [one for one in before if options.backup and (one.get('annotation') or {}).get('backup') == options.backup]
    if done:
        return newest(done)
    kind = type_of_next(before, time.time(), options.full_every_days, options.type)
    annotations = [
        *([f'--annotation=backup={options.backup}'] if options.backup else []),
        *([f'--annotation=schedule={options.schedule}'] if options.schedule else []),
        *([f'--annotation={KEEP}={FOR_EVER}'] if options.keep == FOR_EVER else []),
    ]
    copy(pgbackrest, options.from_standby, [f'--type={kind}', '--no-expire-auto', *annotations])
    there = {one['label'] for one in before}
    made = [one for one in pgbackrest.backups() if one['label'] not in there]
    if not made:
        raise Failed('the backup is not in the repository')
    return newest(made)


def to_expire(backups, now, days, count):
    """Labels of the backups that go, newest first: none is left without what it builds on."""
    kept = keep_set(backups, now, days, count)
    going = [one for one in backups if one['label'] not in kept]
    return [one['label'] for one in sorted(going, key=lambda one: (one['timestamp']['stop'], one['label']), reverse=True)]


def expire(pgbackrest, days, count):
    """Takes away what retention does not hold; gives the labels."""
    labels = to_expire(pgbackrest.backups(), int(time.time()), days, count)
    for label in labels:
        pgbackrest.run('expire', f'--set={label}')
    fulls = sum(one['type'] == 'full' for one in pgbackrest.backups())
    # WAL goes by the number of full backups that stay; backups never do, and each keeps the WAL that makes it consistent.
    pgbackrest.run(
        'expire',
        f'--repo1-retention-full={NO_LIMIT}',
        '--repo1-retention-full-type=count',
        '--repo1-retention-archive-type=full',
        f'--repo1-retention-archive={max(fulls, 1)}',
    )
    return labels


def result(pgbackrest, options):
    """What came of it, as it is written into the termination message."""
    try:
        made = {'succeeded': True, **entry(back_up(pgbackrest, options))}
    except (Failed, Unreadable) as error:
        return {'succeeded': False, 'reason': str(error)}
    except (LookupError, TypeError) as error:
        say(f'{type(error).__name__}: {error}')
        return {'succeeded': False, 'reason': 'info cannot be read'}
    try:
        made['expired'] = len(expire(pgbackrest, options.keep_days, options.keep_count))
    except (Failed, Unreadable) as error:
        made['warning'] = f'retention: {error}'
    except (LookupError, TypeError) as error:
        say(f'{type(error).__name__}: {error}')
        made['warning'] = 'retention: info cannot be read'
    return made


def missing(pgbackrest, stanza):
    """Ranges of WAL from the oldest backup on that the repository lacks; None when that cannot be known."""
    if not stanza['backup']:
        return None
    try:
        newest = max(stanza['archive'], key=lambda one: one['database']['id'])
        of_newest = [one for one in stanza['backup'] if one['database']['id'] == newest['database']['id']]
        if not of_newest:
            return None
        files = pgbackrest.archived(newest['id'])
        histories = pgbackrest.histories(newest['id'], files)
        return gaps(min(one['archive']['start'] for one in of_newest), stored_in(files), histories)
    except (Failed, LookupError, TypeError, ValueError) as error:
        say(f'the archive cannot be read: {error}')
        return None


def listed(pgbackrest):
    """All backups for the list, and the ranges of WAL that are missing; None for what cannot be read."""
    try:
        stanza = pgbackrest.whole()
        entries = [entry(one) for one in stanza['backup']]
    except (Failed, Unreadable, LookupError, TypeError) as error:
        say(f'the backups cannot be read: {error}')
        return None, None
    return entries, missing(pgbackrest, stanza)


def main():
    options = arguments()
    pgbackrest = PgBackRest(options.config, options.database)
    if options.repository is not None:
        with contextlib.suppress(OSError, LookupError, ValueError):
            wait(options.database)
    outcome = result(pgbackrest, options)
    line = json.dumps(outcome, separators=(',', ':'))
    say(line)
    write_outcome(options.termination_log, line, say)
    if options.repository is not None:
        try:
            tell(options, outcome, *listed(pgbackrest))
        except (OSError, LookupError, ValueError) as error:
            say(f'the list of backups cannot be written: {error}')
    sys.exit(0 if outcome['succeeded'] else 1)


main()
