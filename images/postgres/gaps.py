"""Segments of WAL that a repository should hold and does not. Pure: names and histories in, ranges out.

From the first segment of the oldest backup on, each segment must be there, along the timelines that lead to the newest
one: a parent's up to the one in which its child begins, the child's from there on. A missing one ends each restore that
needs it.
"""

import re

SEGMENT = re.compile(r'([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})')
# A segment as pgBackRest stores it: with its checksum, and perhaps compressed. One that a promotion ended early is none.
STORED = re.compile(r'(?:.*/)?([0-9A-F]{24})-[0-9a-f]{40}(?:\.[a-z0-9]+)?')
# A line of a history file: the parent's timeline, and the position in the WAL at which it was left.
HISTORY = re.compile(r'\s*(\d+)\s+([0-9A-F]+)/([0-9A-F]+)\s')
SEGMENT_BYTES = 16 * 2**20
A_LOG = 2**32 // SEGMENT_BYTES


def read(name):
    """Timeline and number of a segment; raises ValueError for another name."""
    match = SEGMENT.fullmatch(name)
    if not match:
        raise ValueError(f'{name} is no segment')
    timeline, log, part = (int(digits, 16) for digits in match.groups())
    return timeline, log * A_LOG + part


def name_of(timeline, number):
    return f'{timeline:08X}{number // A_LOG:08X}{number % A_LOG:08X}'


def stored_in(paths):
    """The segments among the paths of a repository."""
    matches = (STORED.fullmatch(path) for path in paths)
    return {read(match[1]) for match in matches if match}


def parents_in(history):
    """The timelines of a history file, oldest first, each with the number of the segment in which it was left."""
    lines = (HISTORY.match(line) for line in history.splitlines())
    return [
        (int(match[1]), (int(match[2], 16) * 2**32 + int(match[3], 16)) // SEGMENT_BYTES) for match in lines if match
    ]


def spans(first, newest, parents):
    """What should be there: the parts (timeline, from, to) of the way from the first segment to the newest one."""
    timeline, number = first
    way = [*parents, newest]
    begin = next((index for index, (one, _) in enumerate(way) if one == timeline), None)
    if begin is None:
        # The oldest backup is of a timeline that does not lead to the newest: nothing is known of the way.
        return []
    found = []
    for index, (one, end) in enumerate(way[begin:], begin):
        # The segment in which a timeline was left is complete in its child only.
        last = end if index == len(way) - 1 else end - 1
        found.append((one, number, last))
        number = end
    return found


def gaps(first, stored, histories):
    """Ranges that are missing, oldest first. `first` is the name of the first segment that is needed, `stored` what
    stored_in() found, `histories` the text of the history file of each timeline."""
    needed = [read(first), *stored]
    newest = max(needed)
    parents = parents_in(histories.get(newest[0], ''))
    found = []
    for timeline, start, end in spans(read(first), newest, parents):
        for number in range(start, end + 1):
            if (timeline, number) in stored:
                continue
            if found and found[-1]['next'] == (timeline, number):
                found[-1].update(to=name_of(timeline, number), segments=found[-1]['segments'] + 1, next=(timeline, number + 1))
            else:
                name = name_of(timeline, number)
                found.append({'from': name, 'to': name, 'segments': 1, 'next': (timeline, number + 1)})
    return [{part: one[part] for part in ('from', 'to', 'segments')} for one in found]
