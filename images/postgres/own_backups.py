"""A Database that is made again: its own backups come first, and only a repository that is proven empty lets it begin otherwise."""

import http.client
import json
import os
import re
import time

from api_server import namespace, request
from pgbackrest import Failed

# A primary that takes writes archives a segment each minute (archive_timeout). While this long none comes, none is written.
SILENCE_SECONDS = 120
LABEL = re.compile(r'[0-9]{8}-[0-9]{6}F.*')


def has_backups(repository):
    """Whether there is a backup. Raises Failed where that cannot be known."""
    stanza = repository.opened()
    if stanza is not None:
        return bool(stanza['backup'])
    # Without the list of its backups a repository looks as if it had never been made.
    folders = json.loads(repository.read('repo-ls', '--output=json', f'backup/{repository.stanza}'))
    if any(map(LABEL.fullmatch, folders)):
        raise Failed('the repository has backups, and no list of them')
    return False


def times_of(files):
    return {path: one['time'] for path, one in files.items() if one['type'] == 'file'}


def await_silence(look, say):
    """
    Gives what `look` sees, of which the second is the files of the archive, once it is known that the archive does not grow.
    Raises Failed when it does: a primary of this name lives, perhaps in another cluster, and the two would part the history.
    """
    found = look()
    times = times_of(found[1])
    age = time.time() - max(times.values(), default=0)
    if age >= SILENCE_SECONDS:
        return found
    # Clocks may differ: a file from the future must not make the wait longer.
    seconds = SILENCE_SECONDS - max(age, 0)
    say(f'the archive has grown just now; looks in {seconds:.0f} s whether a primary still writes there')
    time.sleep(seconds)
    found = look()
    new = sorted(set(times_of(found[1])) - set(times))
    if new:
        name = os.path.basename(new[-1]).split('-')[0]
        raise Failed(f'a primary still archives here: {name} came within {seconds:.0f} s; stop it first')
    return found


def check_alone(database):
    """
    Ends the start when another member has begun the cluster: with data on its volume, which are newer than any archive. The
    mark is empty while this member makes the data.
    """
    path = f'/api/v1/namespaces/{namespace()}/configmaps/{database}-config'
    try:
        metadata = request('GET', path, absent={}).get('metadata', {})
    except (OSError, http.client.HTTPException) as error:
        raise Failed(f'the API server does not answer: {error}') from error
    if (metadata.get('annotations') or {}).get('initialize'):
        raise Failed('another member has begun the cluster with its data; this one copies them')
