#!/usr/bin/python3 -BIS
"""Proves that the newest backup can be restored: restores it into a scratch volume, starts PostgreSQL on it, and asks.

- The newest backup that leads to the newest timeline is restored to its end. pgBackRest compares every file with the
  checksum that the backup has of it.
- The server is reached through a socket only, archives nothing, and has none of the Database's settings (scratch.py).
- pg_amcheck reads all tables and B-tree indexes of all databases, and looks for each row in each index.
- Each statement in the file --statements is a query that gives one boolean, and must give true. It runs in the database
  `app`, in a transaction that only reads, for a limited time, as a role that reads everything and may do nothing else.
- What came of it is one line of JSON in the termination message, and with --repository an annotation of NAME-backups
  (listing.py). It names steps, exit codes and numbers of statements: never what a program or a statement said, which is
  in the log.
"""

import argparse
import hashlib
import json
import os
import shutil
import sys
import time

# Beside this file; the isolated mode leaves its folder out.
sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from arguments import NAME, matching
from gaps import name_of, read, stored_in
from listing import annotate
from pgbackrest import Failed, PgBackRest
from planning import known, pgbackrest_options
from records import at, write_outcome
from recovery import Refused, Start, Target
from retention import Unreadable
from scratch import Scratch

# The database that the controller makes for the application.
APP = 'app'
VERIFIED = 'db.example.com/verified'
# Retention of a backup that ends meanwhile may take away the one that is being restored.
ATTEMPTS = 3


def arguments():
    parser = argparse.ArgumentParser(prog='ballast-verify', allow_abbrev=False)
    parser.add_argument('--engine', choices=['postgresql'], default='postgresql')
    parser.add_argument('--config', required=True, help='pgbackrest.conf with the scratch volume')
    parser.add_argument('--database', dest='source', type=matching(NAME, 'a name'), required=True, help='name of the Database, and of the stanza')
    parser.add_argument('--data', required=True, help='the data directory, on the scratch volume')
    parser.add_argument('--major', type=matching('[1-9][0-9]', 'a major version'), required=True)
    parser.add_argument('--statements', help='file with a list of statements, as JSON')
    parser.add_argument('--statement-seconds', type=int, default=300)
    parser.add_argument('--repository', type=matching(NAME, 'a name'), help='fingerprint of the repository, for the annotation')
    parser.add_argument('--termination-log', default='/dev/termination-log')
    return parser.parse_args()


def say(text):
    print(f'verify: {text}', file=sys.stderr, flush=True)


def newest(repository, major):
    """The newest backup as recovery.py has it, the same as `info` has it, and the files of the archive."""
    history, files, _ = known(repository, major)
    backup = history.start(Target('default')).backup
    entries = repository.backups()
    damaged = [one['label'] for one in entries if one.get('error') and one['timestamp']['stop'] > backup.stop]
    if damaged:
        raise Failed(f'the backup {damaged[-1]} was made of pages with wrong checksums')
    [entry] = [one for one in entries if one['label'] == backup.label]
    return backup, entry, files


def segments(entry):
    """The segments of WAL that were written while a backup was made; it is of one timeline from its start to its end."""
    (timeline, first), (_, last) = (read(entry['archive'][end]) for end in ('start', 'stop'))
    return [name_of(timeline, number) for number in range(first, last + 1)]


def check_archive(entry, files):
    """Refuses a backup that lacks WAL without which it cannot be restored."""
    stored = stored_in(files)
    missing = [name for name in segments(entry) if read(name) not in stored]
    if missing:
        raise Failed(f'the archive lacks {missing[0]}, without which the backup cannot be restored')


def restore(repository, options, backup):
    """Restores into an empty data directory."""
    shutil.rmtree(options.data, ignore_errors=True)
    free = shutil.disk_usage(os.path.dirname(options.data)).free
    if free < backup.size:
        raise Failed(f'the backup needs {backup.size} bytes, and the scratch volume has {free}')
    os.mkdir(options.data, 0o700)
    start = Start(backup, None)
    repository.run('restore', *pgbackrest_options(Target('immediate'), start, options.data))


def is_there(repository, label):
    return any(one['label'] == label for one in repository.backups())


def restored(repository, options, proof):
    """Chooses and restores the newest backup; gives its entry and the files of the archive."""
    for attempt in range(1, ATTEMPTS + 1):
        backup, entry, files = newest(repository, options.major)
        proof['label'] = backup.label
        say(f'backup {backup.label} of {at(backup.stop)}')
        check_archive(entry, files)
        try:
            restore(repository, options, backup)
            return entry, files
        except Failed:
            if attempt == ATTEMPTS or is_there(repository, backup.label):
                raise
            say('retention took this backup away meanwhile')


def damaged_segment(repository, entry, files, folder):
    """The first segment that the archive does not give as it took it; None when all are as they were."""
    path = os.path.join(folder, 'segment')
    for name in segments(entry):
        try:
            repository.run('archive-get', '--no-archive-async', name, path)
            with open(path, 'rb') as file:
                digest = hashlib.file_digest(file, 'sha1').hexdigest()
        except (Failed, OSError):
            return name
        if not any(f'/{name}-{digest}' in f'/{one}' for one in files):
            return name
    return None


def start(scratch, repository, options, entry, files):
    """Starts the server; a failed replay is told with the segment of WAL that it failed on."""
    try:
        return scratch.start()
    except Failed:
        damaged = damaged_segment(repository, entry, files, scratch.folder)
        if damaged is None:
            raise
        raise Failed(f'the archive has {damaged} damaged') from None


def statements_in(path):
    if path is None:
        return []
    with open(path, encoding='utf-8') as file:
        return json.load(file)


def verify(options, proof):
    """Makes the proof; `proof` has the backup and the checks that it passed, also when one fails."""
    repository = PgBackRest(options.config, options.source, say)
    statements = statements_in(options.statements)
    entry, files = restored(repository, options, proof)
    proof['checks'].append('restore')
    with Scratch(options.data) as scratch:
        start(scratch, repository, options, entry, files)
        proof['checks'].append('start')
        scratch.check_pages()
        proof['checks'].append('pg_amcheck')
        scratch.make_reader()
        for number, statement in enumerate(statements, 1):
            scratch.ask(number, statement, APP, options.statement_seconds)
        if statements:
            proof['checks'].append('sql')


def result(options):
    """The proof, as it is told."""
    began, proof = time.monotonic(), {'checks': []}
    try:
        verify(options, proof)
        proof['succeeded'] = True
    except (Failed, Refused, Unreadable) as error:
        proof.update(succeeded=False, reason=str(error))
    except OSError as error:
        proof.update(succeeded=False, reason=f'the scratch volume: {error.strerror}')
    except (LookupError, TypeError, ValueError) as error:
        say(f'{type(error).__name__}: {error}')
        proof.update(succeeded=False, reason='the repository cannot be read')
    return {'at': at(time.time()), **proof, 'seconds': round(time.monotonic() - began)}


def main():
    options = arguments()
    proof = result(options)
    line = json.dumps(proof, separators=(',', ':'))
    say(line)
    write_outcome(options.termination_log, line, say)
    if options.repository is not None:
        try:
            annotate(options.source, 'ballast-verify', VERIFIED, {'repository': options.repository, **proof})
        except (OSError, LookupError, ValueError) as error:
            say(f'the result cannot be told to the controller: {error}')
            sys.exit(1)
    sys.exit(0 if proof['succeeded'] else 1)


if __name__ == '__main__':
    main()
