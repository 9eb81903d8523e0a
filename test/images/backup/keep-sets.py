"""Answers a JSON list of cases with the keep-set of each, or the word `unreadable`. Argument: the folder of retention.py."""

import json
import sys

sys.path.append(sys.argv[1])

from retention import Unreadable, keep_set


def answer(case):
    try:
        return sorted(keep_set(case['backups'], case['now'], case['days'], case['count']))
    except Unreadable:
        return 'unreadable'


print(json.dumps([answer(case) for case in json.load(sys.stdin)]))
