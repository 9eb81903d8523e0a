"""Says what Patroni does with settings: a JSON question a line in, `+` (written as it is) or `-` (dropped, replaced) out."""
import json
import logging
import sys

from patroni.collections import CaseInsensitiveSet
from patroni.postgresql.config import ConfigHandler
from patroni.postgresql.validator import transform_postgresql_parameter_value

logging.disable(logging.CRITICAL)
available = {}


def keeps(major, name, value):
    if name in ConfigHandler.CMDLINE_OPTIONS and not ConfigHandler.CMDLINE_OPTIONS[name][1](value):
        return False
    return transform_postgresql_parameter_value(major * 10000 + 99, name, value, available[major]) == value


for line in sys.stdin:
    question = json.loads(line)
    if isinstance(question, dict):
        available = {int(major): CaseInsensitiveSet(names) for major, names in question.items()}
    else:
        print('+' if keeps(*question) else '-')
