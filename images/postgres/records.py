"""What the programs of the image write down: times, files beside the data, and what came of a run."""

import contextlib
import datetime
import json
import os


def at(seconds):
    """A time in seconds since 1970, in RFC 3339."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')


def read_json(path):
    """The JSON of a file; None when there is none, or none that can be read."""
    with contextlib.suppress(OSError, ValueError), open(path, encoding='utf-8') as file:
        return json.load(file)
    return None


def write_json(path, content):
    """Replaces a file, and has it on the volume before anything depends on it."""
    with open(f'{path}.new', 'w', encoding='utf-8') as file:
        json.dump(content, file)
        file.write('\n')
        file.flush()
        os.fsync(file.fileno())
    os.replace(f'{path}.new', path)
    sync(os.path.dirname(path))


def sync(folder):
    """Has the names in a folder on the volume."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_outcome(path, line, say):
    """Writes the line that tells what came of a run into the termination message of the container."""
    try:
        with open(path, 'w', encoding='utf-8') as file:
            file.write(line + '\n')
    except OSError as error:
        say(f'the result cannot be written: {error.strerror}')
