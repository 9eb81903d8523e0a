"""Which backups stay. Pure: the same list, time and rules give the same answer; nothing is read, nothing deleted.

Backups are as `pgbackrest info --output=json` has them. What cannot be read in full raises Unreadable, so that nothing
is deleted by a list with a hole.
"""

DAY_SECONDS = 86_400
# The annotation of a backup that no rule takes away.
KEEP = 'keep'
FOR_EVER = 'forever'


class Unreadable(Exception):
    """The list of backups lacks something that the answer depends on."""


def whole(value, what):
    """A time or a number of the rules; bool is an int to Python, and is none here."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Unreadable(f'{what} is not a whole number')
    return value


def facts(backup):
    """Label, time of the end, labels that it builds on, and whether it stays for ever."""
    if not isinstance(backup, dict):
        raise Unreadable('a backup is not an object')
    label = backup.get('label')
    if not isinstance(label, str) or not label:
        raise Unreadable('a backup has no label')
    times = backup.get('timestamp')
    stop = whole(times.get('stop') if isinstance(times, dict) else None, f'the end of {label}')
    references = backup.get('reference') or []
    if not isinstance(references, list) or not all(isinstance(one, str) for one in references):
        raise Unreadable(f'the references of {label} are not a list of labels')
    kind, prior = backup.get('type'), backup.get('prior')
    if kind not in ('full', 'diff', 'incr') or (kind == 'full') != (prior is None):
        raise Unreadable(f'type and predecessor of {label} contradict each other')
    annotations = backup.get('annotation') or {}
    if not isinstance(annotations, dict):
        raise Unreadable(f'the annotations of {label} are not an object')
    builds_on = {*references, *([prior] if prior is not None else [])} - {label}
    return label, stop, builds_on, annotations.get(KEEP) == FOR_EVER


def keep_set(backups, now, days, count):
    """Labels of the backups that stay: younger than so many days, among the newest so many, kept for ever, or built on
    by one of these. A rule that is None keeps nothing by itself; without any rule everything stays."""
    read = [facts(backup) for backup in backups]
    builds_on = {label: needed for label, _, needed, _ in read}
    if len(builds_on) != len(read):
        raise Unreadable('two backups have the same label')
    for label, needed in builds_on.items():
        for one in needed - builds_on.keys():
            raise Unreadable(f'{label} builds on {one}, which is not there')
    whole(now, 'the time')
    if days is None and count is None:
        return set(builds_on)
    youngest_first = sorted(read, key=lambda one: (one[1], one[0]), reverse=True)
    newest = {label for label, *_ in youngest_first[: 0 if count is None else whole(count, 'the count')]}
    oldest = now + 1 if days is None else now - whole(days, 'the number of days') * DAY_SECONDS
    kept = {label for label, stop, _, for_ever in read if for_ever or stop > oldest or label in newest}
    waiting = list(kept)
    while waiting:
        missing = builds_on[waiting.pop()] - kept
        kept |= missing
        waiting.extend(missing)
    return kept
