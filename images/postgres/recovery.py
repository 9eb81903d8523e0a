"""Where the replay of a restore begins, and along which timeline it goes. Pure: nothing is read, nothing written.

Backups are as `pgbackrest info --output=json` has them. What cannot be reached raises Refused, in words for people,
before anything is restored.

A timeline ends where another leaves it (its switch point); PostgreSQL cannot go back to it from the other. A backup that
ended behind a switch point is therefore of no use for the timelines that begin there. pgBackRest does not look at this
when it chooses a backup, so the choice is made here.
"""

import dataclasses
import datetime
import re

from gaps import SEGMENT_BYTES, STORED, gaps, read
from records import at

END = float('inf')
# Of these many backups the refusal tells the names.
NAMED = 5


class Refused(Exception):
    """A restore that cannot succeed, however often it is tried."""


@dataclasses.dataclass(frozen=True)
class Backup:
    label: str
    # The name of the DatabaseBackup that asked for it; None for scheduled ones.
    name: str | None
    # Seconds since 1970.
    stop: int
    stop_lsn: int
    timeline: int
    # The first segment of WAL that a replay from it needs.
    segment: str
    size: int


@dataclasses.dataclass(frozen=True)
class Timeline:
    number: int
    # Timelines before it with the position at which each was left, as its history file has them.
    parents: dict[int, int]
    # When its history file came into the archive, in seconds since 1970.
    since: float
    history: str


@dataclasses.dataclass(frozen=True)
class Target:
    # default (the end of the archive), immediate (the end of the backup), time, lsn, name.
    kind: str
    text: str | None = None

    @property
    def moment(self):
        return datetime.datetime.fromisoformat(self.text.upper()).timestamp()

    @property
    def lsn(self):
        return lsn(self.text)

    @property
    def for_postgresql(self):
        """The text as PostgreSQL reads it: a time has a space before the hour, and its zone in digits."""
        return re.sub('[Zz]$', '+00', re.sub('[Tt]', ' ', self.text)) if self.kind == 'time' else self.text


@dataclasses.dataclass(frozen=True)
class Start:
    """The backup that a replay begins with and the timeline that it follows; None for that of the backup."""

    backup: Backup
    timeline: int | None


def lsn(text):
    upper, lower = text.split('/')
    return (int(upper, 16) << 32) + int(lower, 16)


def lsn_text(position):
    return f'{position >> 32:X}/{position & 0xFFFFFFFF:X}'


def backup_of(one):
    """A backup from its entry in `info`; raises LookupError, TypeError or ValueError for one that is not as expected."""
    return Backup(
        label=one['label'],
        name=(one.get('annotation') or {}).get('backup'),
        stop=one['timestamp']['stop'],
        stop_lsn=lsn(one['lsn']['stop']),
        timeline=int(one['archive']['stop'][:8], 16),
        segment=one['archive']['start'],
        size=one['info']['size'],
    )


def timeline_of(number, history, since):
    """A timeline from the text of its history file: parent, switch point and reason, a line for each parent."""
    lines = [line.split('\t') for line in history.splitlines() if line and not line.startswith('#')]
    return Timeline(number, {int(parent): lsn(position) for parent, position, *_ in lines}, since, history)


class History:
    """Backups of one database system, oldest first, with the timelines of its archive."""

    def __init__(self, backups, timelines):
        self.backups = sorted(backups, key=lambda one: (one.stop, one.label))
        self.timelines = {one.number: one for one in timelines}
        self.newest = max([1, *self.timelines, *(one.timeline for one in backups)])

    def parents(self, timeline):
        known = self.timelines.get(timeline)
        return known.parents if known else {}

    def leads_to(self, backup, timeline):
        """Whether a replay from this backup can follow this timeline."""
        ends = {**self.parents(timeline), timeline: END}
        return backup.stop_lsn <= ends.get(backup.timeline, -1)

    def was_left(self, timeline, parent):
        """Whether the parent went on behind the point where the timeline begins, as it does before a restore to an earlier state."""
        end = self.parents(timeline)[parent]
        return any(one.timeline == parent and one.stop_lsn > end for one in self.backups)

    def timeline_at(self, moment, newest):
        """The timeline that the database was on: the newest, unless it began later and left a state behind that the moment may be of."""
        timeline = newest
        for parent in sorted(self.parents(newest), reverse=True):
            child = min(one for one in [newest, *self.parents(newest)] if one > parent)
            known = self.timelines.get(child)
            if known and moment < known.since and parent in known.parents and self.was_left(child, parent):
                timeline = parent
        return timeline

    def named(self, name):
        found = [one for one in self.backups if name in (one.label, one.name)]
        if found:
            return found[-1]
        have = ', '.join(one.label for one in reversed(self.backups[-NAMED:]))
        raise Refused(f'there is no backup {name}; the newest are {have}' if have else f'there is no backup {name}, and no other')

    def start_from(self, name, target):
        """The start at a backup that is named."""
        backup = self.named(name)
        if target.kind == 'immediate':
            return Start(backup, None)
        if target.kind == 'time' and target.moment <= backup.stop:
            raise Refused(f'the target {target.text} is not after the end of the backup {backup.label}, {at(backup.stop)}')
        if target.kind == 'lsn' and target.lsn < backup.stop_lsn:
            raise Refused(f'the target {target.text} is before the end of the backup {backup.label}, {lsn_text(backup.stop_lsn)}')
        newest = max(one for one in {*self.timelines, backup.timeline} if self.leads_to(backup, one))
        timeline = self.timeline_at(target.moment, newest) if target.kind == 'time' else newest
        return Start(backup, timeline if self.leads_to(backup, timeline) else newest)

    def start(self, target):
        """The start at the newest backup from which the target can be reached."""
        if not self.backups:
            raise Refused('there is no backup')
        timeline = self.timeline_at(target.moment, self.newest) if target.kind == 'time' else self.newest
        usable = [one for one in self.backups if self.leads_to(one, timeline)]
        if not usable:
            raise Refused(f'no backup leads to timeline {timeline}, which is the newest')
        first = usable[0]
        if target.kind == 'time':
            usable = [one for one in usable if one.stop < target.moment]
            border = f'{at(first.stop)}, the end of the first backup ({first.label})'
        elif target.kind == 'lsn':
            usable = [one for one in usable if one.stop_lsn <= target.lsn]
            border = f'{lsn_text(first.stop_lsn)}, the end of the first backup ({first.label})'
        elif target.kind != 'default':
            raise Refused(f'a target of the kind {target.kind} needs the name of a backup')
        if not usable:
            raise Refused(f'the target {target.text} is before {border}')
        return Start(usable[-1], timeline)


def check_wal(history, start, target, files):
    """
    Refuses a target that the WAL of the archive does not lead to. `files` are its paths with the times at which they
    came there. Returns the first gap on the way, where a replay without such a target ends; None without one.
    """
    timeline = start.timeline or start.backup.timeline
    way = {timeline, *history.parents(timeline)}
    found = ((STORED.fullmatch(path), one) for path, one in files.items())
    stored = {read(match[1]): one['time'] for match, one in found if match and int(match[1][:8], 16) in way}
    histories = {one.number: one.history for one in history.timelines.values()}
    first = read(start.backup.segment)
    missing = next(iter(gaps(start.backup.segment, set(stored), histories)), None)
    last = read(missing['from'])[1] - 1 if missing else max(number for _, number in [first, *stored])
    where = f'the archive has none from {missing["from"]} to {missing["to"]}' if missing else 'it is the last of the archive'
    end = (last + 1) * SEGMENT_BYTES
    if target.kind == 'lsn' and target.lsn > end:
        raise Refused(f'the target {target.text} is behind the WAL up to {lsn_text(end)}; {where}')
    until = max((since for (_, number), since in stored.items() if first[1] <= number <= last), default=0)
    # Times of files are whole seconds.
    if target.kind == 'time' and target.moment >= until + 1:
        raise Refused(f'the target {target.text} is later than the WAL of {at(until)}; {where}')
    return missing
