"""The WAL that waits for the archive, as the first process of a member looks at it every five seconds.

It counts the segments that wait, and suspends archiving before they fill the volume: a database that takes no writes is worse
than a gap in its archive (archive.py).
"""

import contextlib
import json
import os
import time

from archive import GAPS, as_told, say, suspend, suspended
from archive_status import mark_again, names_ending
from gaps import SEGMENT, SEGMENT_BYTES
from records import at, read_json

RESERVE_BYTES = 512 * 2**20
# A segment is pushed within seconds; a repository that fails for so long is worth a word.
WAITS_SECONDS = 120
# A number that changes in the same state is told this often.
TELL_SECONDS = 60
# A forecast from the rate of some minutes says nothing about later.
FORESEEN_SECONDS = 30 * 86400


def archive_again(data_directory):
    """A standby marks each segment as archived on arrival; its primary may have died before it archived them."""
    again = mark_again(data_directory, SEGMENT.fullmatch)
    if again:
        say(f'{len(again)} segments from {again[0]} on are archived again after the promotion')


class Waiting:
    """The segments that wait to be archived, as the first process of a primary sees them."""

    def __init__(self, data_directory):
        self.data_directory = data_directory
        self.folder = os.path.dirname(data_directory)
        # A member that became the primary before the first look has segments of its predecessor, too.
        self.was_standby = True
        self.told = None
        self.told_at = 0
        # The moment up to which all WAL was archived when the archive last took some.
        self.until = None

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
        names = self.segments('.ready')
        segments, since = self.waiting(names)
        state = suspended(self.folder)
        if state is None:
            self.until = self.archived_until(names) or self.until
        if state is None and segments and self.is_nearly_full(segments):
            suspend(self.folder, self.until)
            state = suspended(self.folder)
        gaps = read_json(f'{self.folder}/{GAPS}')
        gap = {'gap': gaps[-1]} if isinstance(gaps, list) and gaps else {}
        if state is not None:
            given_up = {name: state[name] for name in ('first', 'last', 'archivedUntil') if name in state}
            return {'state': 'suspended', 'since': state['since'], 'segments': state['segments'], **given_up, **gap}
        if segments and time.time() - since >= WAITS_SECONDS:
            left = self.seconds_left(segments, since)
            forecast = {'suspendsAt': at(time.time() + left)} if left < FORESEEN_SECONDS else {}
            until = as_told(self.until)
            return {'state': 'waiting', 'since': at(since), 'segments': segments, **until, **forecast, **gap}
        return {'state': 'archiving', **gap}

    def segments(self, end):
        return [name for name in names_ending(self.data_directory, end) if SEGMENT.fullmatch(name)]

    def marked(self, name):
        """When a segment was complete, in seconds since 1970: PostgreSQL marks it `.ready` then, and renames the mark."""
        return os.stat(f'{self.data_directory}/pg_wal/archive_status/{name}').st_mtime

    def archived_until(self, waiting):
        """When the last segment before those that wait was complete; None once PostgreSQL has removed its mark."""
        before = [name for name in self.segments('.done') if not waiting or name < waiting[0]]
        with contextlib.suppress(OSError):
            return self.marked(f'{before[-1]}.done') if before else None
        return None

    def waiting(self, names):
        """How many of these segments wait, and since when the oldest does, in seconds since 1970."""
        for name in names:
            with contextlib.suppress(OSError):
                return len(names), self.marked(f'{name}.ready')
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
