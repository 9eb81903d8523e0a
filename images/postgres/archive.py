#!/usr/bin/python3 -BIS
"""WAL that waits for the archive, and what becomes of it when no repository takes it.

As a program, ballast-archive is the second half of archive_command: it runs when pgBackRest failed, or while archiving is
suspended. It fails, so that PostgreSQL keeps the segment and tries again. While archiving is suspended it tries the
repository every 30 s, and gives all other segments up, which it writes down: the gap.

As a module it serves the first process of a member, which looks every five seconds: it counts the segments that wait, and
suspends archiving before they fill the volume. A database that takes no writes is worse than a gap in its archive.

The state is beside the data directory: `archive-suspended` while archiving is suspended, `archive-gaps.json` afterwards.

Arguments: CONFIGURATION STANZA PATH, in the data directory, as PostgreSQL runs archive_command.
"""

import contextlib
import json
import os
import subprocess
import sys
import time

# Beside this file; the isolated mode leaves its folder out.
sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from gaps import SEGMENT, SEGMENT_BYTES
from records import at, read_json, write_json

SUSPENDED = 'archive-suspended'
GAPS = 'archive-gaps.json'
RESERVE_BYTES = 512 * 2**20
# A segment is pushed within seconds; a repository that fails for so long is worth a word.
WAITS_SECONDS = 120
# A number that changes in the same state is told this often.
TELL_SECONDS = 60
TRY_SECONDS = 30
# A forecast from the rate of some minutes says nothing about later.
FORESEEN_SECONDS = 30 * 86400
PUSH_SECONDS = 20
MOST_GAPS = 10


def say(text):
    print(f'archive: {text}', file=sys.stderr, flush=True)


def names_ending(data_directory, end):
    """Names in pg_wal/archive_status without this end, in order; empty without the folder."""
    with contextlib.suppress(OSError):
        return sorted(name[: -len(end)] for name in os.listdir(f'{data_directory}/pg_wal/archive_status') if name.endswith(end))
    return []


def mark_again(data_directory, wanted):
    """Has PostgreSQL archive files once more that are marked as archived; gives their names."""
    again = []
    for name in names_ending(data_directory, '.done'):
        status = f'{data_directory}/pg_wal/archive_status/{name}'
        if wanted(name) and os.path.exists(f'{data_directory}/pg_wal/{name}'):
            with contextlib.suppress(OSError):
                os.rename(f'{status}.done', f'{status}.ready')
                again.append(name)
    return again


def archive_again(data_directory):
    """A standby marks each segment as archived on arrival; its primary may have died before it archived them."""
    again = mark_again(data_directory, SEGMENT.fullmatch)
    if again:
        say(f'{len(again)} segments from {again[0]} on are archived again after the promotion')


def suspended(folder):
    """The state while archiving is suspended; None while it is not."""
    path = f'{folder}/{SUSPENDED}'
    if not os.path.exists(path):
        return None
    state = read_json(path)
    # A file that cannot be read suspends all the same: archive_command looks at its existence only.
    return state if isinstance(state, dict) else {'since': at(time.time()), 'segments': 0, 'tried': 0}


def suspend(folder):
    say('the volume is nearly full of WAL that no repository takes: archiving is suspended, and segments are given up')
    write_json(f'{folder}/{SUSPENDED}', {'since': at(time.time()), 'segments': 0, 'tried': time.time()})


def resume(folder, state, data_directory):
    """Ends the gap: the repository has taken a segment."""
    if state.get('first'):
        gap = {'from': state['first'], 'to': state['last'], 'segments': state['segments']}
        gaps = read_json(f'{folder}/{GAPS}')
        kept = [*(gaps if isinstance(gaps, list) else []), {**gap, 'since': state['since'], 'until': at(time.time())}]
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


class Waiting:
    """The segments that wait to be archived, as the first process of a primary sees them."""

    def __init__(self, data_directory):
        self.data_directory = data_directory
        self.folder = os.path.dirname(data_directory)
        # A member that became the primary before the first look has segments of its predecessor, too.
        self.was_standby = True
        self.told = None
        self.told_at = 0

    def look(self):
        """Looks at the volume; gives what is to be told now: a report, '' for none any more, None for nothing new."""
        report = self.report()
        is_another = self.told is None or report.get('state') != self.told.get('state')
        if report == self.told or not (is_another or time.monotonic() - self.told_at >= TELL_SECONDS):
            return None
        self.told, self.told_at = report, time.monotonic()
        return json.dumps(report, separators=(',', ':')) if report else ''

    def forget(self):
        """What was to be told did not arrive."""
        self.told, self.told_at = None, 0

    def report(self):
        """What a primary has to say about its archive; nothing for a standby, or without a server."""
        is_standby = os.path.exists(f'{self.data_directory}/standby.signal')
        if is_standby or not os.path.exists(f'{self.data_directory}/postmaster.pid'):
            self.was_standby = self.was_standby or is_standby
            return {}
        if self.was_standby:
            self.was_standby = False
            archive_again(self.data_directory)
        segments, since = self.waiting()
        state = suspended(self.folder)
        if state is None and segments and self.is_nearly_full(segments):
            suspend(self.folder)
            state = suspended(self.folder)
        gaps = read_json(f'{self.folder}/{GAPS}')
        gap = {'gap': gaps[-1]} if isinstance(gaps, list) and gaps else {}
        if state is not None:
            given_up = {name: state[name] for name in ('first', 'last') if name in state}
            return {'state': 'suspended', 'since': state['since'], 'segments': state['segments'], **given_up, **gap}
        if segments and time.time() - since >= WAITS_SECONDS:
            left = self.seconds_left(segments, since)
            forecast = {'suspendsAt': at(time.time() + left)} if left < FORESEEN_SECONDS else {}
            return {'state': 'waiting', 'since': at(since), 'segments': segments, **forecast, **gap}
        return {'state': 'archiving', **gap}

    def waiting(self):
        """How many segments wait, and since when the oldest does, in seconds since 1970."""
        names = [name for name in names_ending(self.data_directory, '.ready') if SEGMENT.fullmatch(name)]
        for name in names:
            with contextlib.suppress(OSError):
                return len(names), os.stat(f'{self.data_directory}/pg_wal/archive_status/{name}.ready').st_mtime
        return 0, 0

    def room(self):
        """Bytes that are free on the volume, and how many of them must stay so."""
        volume = os.statvfs(self.data_directory)
        size, free = volume.f_blocks * volume.f_frsize, volume.f_bavail * volume.f_frsize
        # A burst until the next look must find room: a tenth of a large volume, a quarter of a small one.
        return free, max(size / 10, min(size / 4, RESERVE_BYTES))

    def is_nearly_full(self, segments):
        """Whether little of the volume is left, and waiting WAL is a good part of what fills it."""
        free, reserve = self.room()
        return free < reserve and segments * SEGMENT_BYTES >= free / 4

    def seconds_left(self, segments, since):
        """How long until the volume is nearly full, if WAL is written at the rate since then."""
        free, reserve = self.room()
        rate = segments * SEGMENT_BYTES / (time.time() - since)
        return max(0, free - reserve) / rate


if __name__ == '__main__':
    main()
