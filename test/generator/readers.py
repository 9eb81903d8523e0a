"""Reads texts with Python's own parsers: a JSON question a line on stdin, a JSON answer a line on stdout."""

import configparser
import json
import shlex
import sys

import yaml


def read_yaml(text, loader):
    return list(yaml.load_all(text, Loader=loader))


def read_ini(text):
    parser = configparser.RawConfigParser(
        delimiters=("=",), comment_prefixes=("#", ";"), inline_comment_prefixes=None, empty_lines_in_values=False
    )
    parser.optionxform = str
    parser.read_string(text)
    return {title: dict(parser.items(title)) for title in parser.sections()}


def unquote(value):
    """A value of an option file: what stands between double quotes, its escapes undone."""
    if len(value) < 2 or not (value[0] == value[-1] == '"'):
        raise ValueError(f"not between quotes: {value!r}")
    text, out = iter(value[1:-1]), []
    for char in text:
        if char == '"':
            raise ValueError(f"ends before its end: {value!r}")
        out.append(next(text) if char == "\\" else char)
    return "".join(out)


def read_options(text):
    return {title: {name: unquote(value) for name, value in lines.items()} for title, lines in read_ini(text).items()}


READERS = {
    "yaml": lambda text: read_yaml(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)),
    "yaml-in-python": lambda text: read_yaml(text, yaml.SafeLoader),
    "ini": read_ini,
    "options": read_options,
    "words": shlex.split,
}

for line in sys.stdin:
    question = json.loads(line)
    try:
        answer = {"value": READERS[question["as"]](question["text"])}
    except Exception as error:  # What a reader refuses is an answer too.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer, default=repr), flush=True)
