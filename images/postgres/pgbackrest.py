"""pgBackRest for one stanza: its commands, its exit codes, and the backups that it knows."""

import json
import re
import subprocess
import sys

from retention import Unreadable

# Codes of pgBackRest's `info`: no folder of the stanza, and a folder without data.
NO_STANZA = {1, 3}
# There is no backup yet.
NO_BACKUP = 2
# Codes with which the list of backups is whole.
READABLE = {0, NO_BACKUP}
# The exit code when the repository belongs to other data.
OTHER_SYSTEM = 28
HISTORY = re.compile(r'([0-9A-F]{8})\.history')
# Exit codes of pgBackRest whose meaning helps a reader who has no log.
MEANINGS = {
    26: 'a file differs from its checksum',
    OTHER_SYSTEM: 'the repository belongs to other data; a Database that is made again begins with its backups when bootstrap.recover is set',
    29: 'a file is not in its format',
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

    def __init__(self, text, code=None):
        super().__init__(text)
        self.code = code


def say(text):
    print(f'backup: {text}', file=sys.stderr, flush=True)


class PgBackRest:
    """pgBackRest for one stanza. What it says goes to the log."""

    def __init__(self, config, stanza, say=say):
        self.stanza, self.say = stanza, say
        self.always = [f'--config={config}', f'--stanza={stanza}']

    def run(self, command, *options):
        self.say(' '.join([command, *options]))
        code = self.start(command, options, sys.stderr).returncode
        if code != 0:
            raise Failed(failure(command, code), code)

    def info(self):
        """The stanza as `info` has it."""
        try:
            [stanza] = json.loads(self.read('info', '--output=json'), strict=False)
            stanza['status']['code'] + 0
        except (ValueError, TypeError, LookupError) as error:
            raise Failed('info cannot be read') from error
        return stanza

    def opened(self):
        """The stanza as `info` has it; None where the repository has none. Raises Failed for one that cannot be read."""
        stanza = self.info()
        code = stanza['status']['code']
        if code in NO_STANZA:
            return None
        if code not in READABLE:
            raise Failed('the repository cannot be opened: it is not reached, or its passphrase is wrong')
        return stanza

    def whole(self):
        """The stanza; raises rather than give a list of backups that may have holes."""
        stanza = self.info()
        if stanza['status']['code'] not in READABLE or not isinstance(stanza.get('backup'), list):
            raise Unreadable(f'the repository answers with status {stanza["status"]["code"]}')
        return stanza

    def backups(self):
        """All backups."""
        return self.whole()['backup']

    def read(self, command, *options):
        """What a command prints; raises Failed."""
        done = self.start(command, ['--log-level-console=off', '--log-level-stderr=error', *options], subprocess.PIPE)
        if done.returncode != 0:
            raise Failed(failure(command, done.returncode), done.returncode)
        # With a wrong passphrase it quotes what it took for text.
        return done.stdout.decode(errors='replace')

    def archived(self, archive):
        """Files of the WAL archive with this id, by path, each with its `time`."""
        return json.loads(self.read('repo-ls', '--recurse', '--output=json', f'archive/{self.stanza}/{archive}'))

    def histories(self, archive, files):
        """The text of the history file of each timeline that is among these files, by its number."""
        numbers = [int(match[1], 16) for match in map(HISTORY.fullmatch, files) if match]
        folder = f'archive/{self.stanza}/{archive}'
        return {number: self.read('repo-get', f'{folder}/{history_of(number)}') for number in numbers}

    def start(self, command, options, output):
        try:
            words = [*self.always, *(one for one in options if one.startswith('--')), command]
            places = [one for one in options if not one.startswith('--')]
            return subprocess.run(['pgbackrest', *words, *places], stdin=subprocess.DEVNULL, stdout=output)
        except OSError as error:
            raise Failed('pgBackRest does not start') from error


def history_of(timeline):
    """Name of the history file of a timeline."""
    return f'{timeline:08X}.history'


def failure(step, code):
    if code < 0:
        return f'{step} was ended by signal {-code}'
    return f'{step} ended with {code}' + (f': {MEANINGS[code]}' if code in MEANINGS else '')
