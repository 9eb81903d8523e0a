"""Holds a member back from Patroni while its Database is restored in place, and has the named member restore.

The controller asks by the ConfigMap NAME-restore: the annotation db.example.com/restore-request with `id`, `member`, the
backup, the target, and `state`: `hold` (no member starts Patroni), `restore` (the named member restores, then starts), `follow`
(the others start and follow it). The named member answers in db.example.com/restore-result of the same ConfigMap. Every
member that is held says so in an annotation of its pod.

A member asks once, when it starts, and every two seconds only while it is held. Without an answer of the API server it is held
as well: Patroni can do nothing without that server either, and the data may be about to be replaced.
"""

import contextlib
import http.client
import json
import os
import re
import sys
import time

from api_server import RefusedRequest, namespace, request
from in_place import ids_of, restore, settle
from probes import answering

REQUEST = 'db.example.com/restore-request'
RESULT = 'db.example.com/restore-result'
POD = 'db.example.com/restore'
POLL_SECONDS = 2
ID = re.compile('[0-9a-f]{16}')
HELD = ('hold', 'restore')
# About the time that an API server takes to know its Roles.
FORBIDDEN_TRIES = 3
BACKUPS_ON = 'pgbackrest.conf'


def say(text):
    print(f'restore: {text}', file=sys.stderr, flush=True)


def note_on_pod(content):
    text = json.dumps(content, separators=(',', ':'))
    path = f'/api/v1/namespaces/{namespace()}/pods/{os.environ["POD_NAME"]}'
    request('PATCH', path, {'metadata': {'annotations': {POD: text}}})


def note_done(text):
    """Tells in an annotation of this pod which restores the data went through."""
    note_on_pod({'done': json.loads(text)})


class Done:
    """The restores that the data of a running member went through, as far as they were not told yet."""

    def __init__(self, data_directory):
        self.data_directory = data_directory
        self.told = None

    def look(self):
        """What is to be told now; None for nothing new."""
        if not os.path.exists(f'{self.data_directory}/postmaster.pid'):
            return None
        text = json.dumps(ids_of(self.data_directory))
        if text == self.told:
            return None
        self.told = text
        return text

    def forget(self):
        self.told = None


class Request:
    """The request in the ConfigMap, and the result that a member has reported for it."""

    def __init__(self, name):
        self.path = f'/api/v1/namespaces/{namespace()}/configmaps/{name}'

    def read(self):
        """The request with its result; None without one that can be read. Raises OSError without an answer."""
        metadata = request('GET', self.path, absent={}).get('metadata', {})
        notes = metadata.get('annotations') or {}
        with contextlib.suppress(ValueError, TypeError, LookupError, AttributeError):
            asked = json.loads(notes.get(REQUEST, 'null'))
            if ID.fullmatch(asked['id']) and asked['state'] in HELD:
                result = json.loads(notes.get(RESULT, 'null')) or {}
                return {**asked, 'result': result if result.get('id') == asked['id'] else None}
        return None

    def report(self, result):
        text = json.dumps(result, separators=(',', ':'))
        request('PATCH', self.path, {'metadata': {'annotations': {RESULT: text}}})


def insist(work, *arguments):
    """Repeats a call until the API server answers it."""
    is_told = False
    while True:
        try:
            return work(*arguments)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if not is_told:
                say(f'the API server does not answer: {error}')
            is_told = True
            time.sleep(POLL_SECONDS)


def tell(work, *arguments):
    """The same for a report, which the API server may refuse: the request may be gone."""

    def told():
        try:
            work(*arguments)
        except RefusedRequest as error:
            say(str(error))

    insist(told)


class Hold:
    """A member before its Patroni: `data` is the data directory, `settings` the folder of the settings."""

    def __init__(self, member, data, settings):
        self.member, self.data = member, data
        self.stanza = member.rsplit('-', 1)[0]
        self.config = os.path.join(settings, BACKUPS_ON)
        self.request = Request(f'{self.stanza}-restore')

    def is_asked(self):
        """Whether this member is to be held; also when the API server does not answer."""
        for _ in range(FORBIDDEN_TRIES):
            try:
                return self.request.read() is not None
            except RefusedRequest as error:
                # A server that has just started refuses too. With a Role of an earlier version it stays so, and the
                # controller sees that this member is not held.
                say(str(error))
                if error.status != http.client.FORBIDDEN:
                    return True
                time.sleep(POLL_SECONDS)
            except (OSError, http.client.HTTPException, ValueError) as error:
                say(f'the API server does not answer: {error}')
                return True
        return False

    def wait(self):
        """Waits until this member may start Patroni, and restores if it is the one that is named."""
        asked, told = insist(self.request.read), None
        while asked is not None:
            if told != asked['id']:
                say(f'held back by the restore {asked["id"]}')
                tell(note_on_pod, {'held': asked['id']})
                told = asked['id']
            if asked['state'] == 'restore' and asked.get('member') == self.member:
                self.answer(asked)
                return
            time.sleep(POLL_SECONDS)
            asked = insist(self.request.read)

    def answer(self, asked):
        """Restores and reports, unless this member has reported a result before."""
        if asked['result'] is None:
            tell(self.request.report, restore(asked, self.data, self.config, self.stanza, say))


def hold(member, data, settings, address, tls):
    """Returns when this member may start Patroni: whether no restore held it back."""
    if not os.path.exists(os.path.join(settings, BACKUPS_ON)):
        return True
    held = Hold(member, data, settings)
    is_asked = held.is_asked()
    if is_asked:
        with answering(address, tls):
            held.wait()
    settle(data)
    return not is_asked
