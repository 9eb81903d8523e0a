"""Answers a JSON list of restores with the start of each replay, or the refusal. Argument: the folder of recovery.py."""

import json
import sys

sys.path.append(sys.argv[1])

from recovery import History, Refused, Target, backup_of, check_wal, timeline_of


def answer(case):
    timelines = [timeline_of(one['number'], one['history'], one['since']) for one in case['timelines']]
    history = History([backup_of(one) for one in case['backups']], timelines)
    target = Target(**case['target'])
    try:
        start = history.start_from(case['backup'], target) if case['backup'] else history.start(target)
        gap = check_wal(history, start, target, case['files']) if case['files'] else None
    except Refused as refusal:
        return str(refusal)
    return f'{start.backup.label} {start.timeline or 0}' + (f', up to the gap at {gap["from"]}' if gap else '')


print(json.dumps([answer(case) for case in json.load(sys.stdin)]))
