#!/usr/bin/python3 -BIS
"""ballast-archive, the second half of archive_command: it runs when pgBackRest failed, or while archiving is suspended.

It fails, so that PostgreSQL keeps the segment and tries again. While archiving is suspended (waiting.py) it tries the
repository every 30 s, and gives all other segments up, which it writes down: the gap.

The state is beside the data directory: `archive-suspended` while archiving is suspended, `archive-gaps.json` afterwards.

Arguments: CONFIGURATION STANZA PATH, in the data directory, as PostgreSQL runs archive_command.
"""

import os
import subprocess
import sys
import time

# Beside this file; the isolated mode leaves its folder out.
sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from archive_status import mark_again
from gaps import SEGMENT
from records import at, read_json, write_json

SUSPENDED = 'archive-suspended'
GAPS = 'archive-gaps.json'
TRY_SECONDS = 30
PUSH_SECONDS = 20
MOST_GAPS = 10


def say(text):
    print(f'archive: {text}', file=sys.stderr, flush=True)


def suspended(folder):
    """The state while archiving is suspended; None while it is not."""
    path = f'{folder}/{SUSPENDED}'
    if not os.path.exists(path):
        return None
    state = read_json(path)
    # A file that cannot be read suspends all the same: archive_command looks at its existence only.
    return state if isinstance(state, dict) else {'since': at(time.time()), 'segments': 0, 'tried': 0}


def suspend(folder, until=None):
    """Suspends archiving; `until` is the moment up to which all WAL is archived, where that is known."""
    say('the volume is nearly full of WAL that no repository takes: archiving is suspended, and segments are given up')
    write_json(f'{folder}/{SUSPENDED}', {'since': at(time.time()), 'segments': 0, 'tried': time.time(), **as_told(until)})


def as_told(moment):
    """The field that tells up to which moment all WAL is archived; none where that is not known."""
    return {} if moment is None else {'archivedUntil': at(moment)}


def resume(folder, state, data_directory):
    """Ends the gap: the repository has taken a segment."""
    if state.get('first'):
        told = {name: state[name] for name in ('segments', 'since', 'archivedUntil') if name in state}
        gap = {'from': state['first'], 'to': state['last'], **told, 'until': at(time.time())}
        gaps = read_json(f'{folder}/{GAPS}')
        kept = [*(gaps if isinstance(gaps, list) else []), gap]
        write_json(f'{folder}/{GAPS}', kept[-MOST_GAPS:])
        say(f'archiving goes on; {gap["segments"]} segments are missing, from {gap["from"]} to {gap["to"]}')
    os.unlink(f'{folder}/{SUSPENDED}')
    # Without its history a later timeline cannot be followed.
    mark_again(data_directory, lambda name: name.endswith('.history'))


def push(config, stanza, path):
    command = ['pgbackrest', f'--config={config}', f'--stanza={stanza}', '--no-archive-async', 'archive-push', path]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, timeout=PUSH_SECONDS).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def give_up(folder, state, name):
    if not SEGMENT.fullmatch(name):
        return
    first = state.get('first', name)
    write_json(f'{folder}/{SUSPENDED}', {**state, 'first': first, 'last': name, 'segments': state['segments'] + 1})


def main():
    config, stanza, path = sys.argv[1:]
    data_directory = os.getcwd()
    folder = os.path.dirname(data_directory)
    state = suspended(folder)
    if state is None:
        sys.exit(1)
    if time.time() - state.get('tried', 0) >= TRY_SECONDS:
        if push(config, stanza, path):
            resume(folder, state, data_directory)
            return
        state['tried'] = time.time()
        write_json(f'{folder}/{SUSPENDED}', state)
    give_up(folder, state, os.path.basename(path))


if __name__ == '__main__':
    main()
