#!/usr/bin/python3 -BIS
"""Makes one backup with pgBackRest and afterwards takes away the backups that retention no longer holds.

- The stanza is made when the repository has none, and checked: a segment of WAL must arrive in the archive.
- The backup is full when there is no full one, when the newest full one is older than --full-every-days and no
  incremental one is asked for, or when a full one is; otherwise incremental.
- Backups are expired one by one, newest first, after those that stay were worked out (retention.py); then the WAL that
  is older than the oldest full one. A failure there is a warning: the backup is good.
- What came of it is one line of JSON in the termination message. It names steps and exit codes of pgBackRest, and never
  repeats what pgBackRest said, which is in the log.
"""

import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import time

# Beside this file; the isolated mode leaves its folder out.
sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from retention import DAY_SECONDS, FOR_EVER, KEEP, Unreadable, keep_set

NAME = re.compile(r'[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?')
# Codes of pgBackRest's `info`: no folder of the stanza, and a folder without data.
NO_STANZA = {1, 3}
# Codes of pgBackRest's `info` with which the list of backups is whole: all is well, or there is no backup yet.
READABLE = {0, 2}
# The most that pgBackRest takes: no backup is ever expired by a count of full ones.
NO_LIMIT = 9_999_999
# A job does not start at the same second each day; without this, a full backup each seven days would become one each eight.
SLACK_SECONDS = 3600
# Exit codes of pgBackRest whose meaning helps a reader who has no log.
MEANINGS = {
    28: 'the repository holds another database system',
    37: 'an option is missing',
    41: 'a file cannot be opened',
    49: 'a host cannot be reached',
    50: 'another pgBackRest works on this stanza',
    55: 'a file is missing',
    56: 'PostgreSQL cannot be reached',
    57: 'PostgreSQL refused a statement',
    58: 'the stanza belongs to another database system',
    68: 'archive_command does not call pgBackRest',
    82: 'WAL did not reach the archive in time',
    87: 'archiving is off',
    95: 'the repository cannot be decrypted',
    103: 'the repository is incomplete',
}


class Failed(Exception):
    """A step that went wrong, in words that may be shown to everybody who sees the Database."""


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
    parser.add_argument('--full-every-days', type=number, default=7)
    parser.add_argument('--keep-days', type=number)
    parser.add_argument('--keep-count', type=number)
    parser.add_argument('--backup', type=name, help='name of the DatabaseBackup')
    parser.add_argument('--keep', choices=['retention', FOR_EVER], default='retention')
    parser.add_argument('--termination-log', default='/dev/termination-log')
    return parser.parse_args()


def say(text):
    print(f'backup: {text}', file=sys.stderr, flush=True)


class PgBackRest:
    """pgBackRest for one stanza. What it says goes to the log."""

    def __init__(self, config, stanza):
        self.always = [f'--config={config}', f'--stanza={stanza}']

    def run(self, command, *options):
        say(' '.join([command, *options]))
        code = self.start(command, options, sys.stderr).returncode
        if code != 0:
            raise Failed(failure(command, code))

    def info(self):
        """The stanza as `info` has it."""
        done = self.start('info', ['--output=json', '--log-level-console=off', '--log-level-stderr=error'], subprocess.PIPE)
        if done.returncode != 0:
            raise Failed(failure('info', done.returncode))
        try:
            [stanza] = json.loads(done.stdout)
            stanza['status']['code'] + 0
        except (ValueError, TypeError, LookupError) as error:
            raise Failed('info cannot be read') from error
        return stanza

    def backups(self):
        """All backups; raises rather than give a list that may have holes."""
        stanza = self.info()
        if stanza['status']['code'] not in READABLE or not isinstance(stanza.get('backup'), list):
            raise Unreadable(f'the repository answers with status {stanza["status"]["code"]}')
        return stanza['backup']

    def start(self, command, options, output):
        try:
            return subprocess.run(['pgbackrest', *self.always, *options, command], stdin=subprocess.DEVNULL, stdout=output)
        except OSError as error:
            raise Failed('pgBackRest does not start') from error


def failure(step, code):
    if code < 0:
        return f'{step} was ended by signal {-code}'
    return f'{step} ended with {code}' + (f': {MEANINGS[code]}' if code in MEANINGS else '')


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
    if pgbackrest.info()['status']['code'] in NO_STANZA:
        pgbackrest.run('stanza-create')
    pgbackrest.run('check')
    return pgbackrest.backups()


def back_up(pgbackrest, options):
    """Makes the backup; gives it as `info` has it."""
    before = ready(pgbackrest)
    kind = type_of_next(before, time.time(), options.full_every_days, options.type)
    annotations = [
        *([f'--annotation=backup={options.backup}'] if options.backup else []),
        *([f'--annotation={KEEP}={FOR_EVER}'] if options.keep == FOR_EVER else []),
    ]
    pgbackrest.run('backup', f'--type={kind}', '--no-expire-auto', *annotations)
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


def at(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


def told(backup):
    """What the result says of a backup; sizes in bytes."""
    return {
        'label': backup['label'],
        'type': {'full': 'full', 'diff': 'differential', 'incr': 'incremental'}[backup['type']],
        'repositoryBytes': backup['info']['repository']['delta'],
        'databaseBytes': backup['info']['size'],
        'start': at(backup['timestamp']['start']),
        'stop': at(backup['timestamp']['stop']),
        'walStart': backup['archive']['start'],
        'walStop': backup['archive']['stop'],
        'lsnStart': backup['lsn']['start'],
        'lsnStop': backup['lsn']['stop'],
        **({'pageErrors': True} if backup.get('error') else {}),
    }


def result(pgbackrest, options):
    """What came of it, as it is written into the termination message."""
    try:
        made = {'succeeded': True, **told(back_up(pgbackrest, options))}
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


def main():
    options = arguments()
    outcome = result(PgBackRest(options.config, options.database), options)
    line = json.dumps(outcome, separators=(',', ':'))
    say(line)
    try:
        with open(options.termination_log, 'w', encoding='utf-8') as file:
            file.write(line + '\n')
    except OSError as error:
        say(f'the result cannot be written: {error.strerror}')
    sys.exit(0 if outcome['succeeded'] else 1)


main()
