"""The list of backups, as the backup job tells it to the controller (docs/decisions/0041-archiving.md).

It is an annotation of the ConfigMap NAME-backups: the controller reads the metadata of ConfigMaps only.
"""

import json
import os
import time

from api_server import APPLY, namespace, request
from records import at
from retention import FOR_EVER, KEEP

LIST = 'db.example.com/backups'
# All annotations of an object together hold 256 KiB (k8s.io/apimachinery, TotalAnnotationSizeLimitB).
MOST_BYTES = 192 * 1024
MOST_GAPS = 20
TYPES = {'full': 'full', 'diff': 'differential', 'incr': 'incremental'}


def entry(backup):
    """A backup of `info`, as lists and results have it; sizes in bytes."""
    annotations = backup.get('annotation') or {}
    return {
        'label': backup['label'],
        'type': TYPES[backup['type']],
        'repositoryBytes': backup['info']['repository']['delta'],
        'databaseBytes': backup['info']['size'],
        'start': at(backup['timestamp']['start']),
        'stop': at(backup['timestamp']['stop']),
        'walStart': backup['archive']['start'],
        'walStop': backup['archive']['stop'],
        'lsnStart': backup['lsn']['start'],
        'lsnStop': backup['lsn']['stop'],
        **({'backup': annotations['backup']} if 'backup' in annotations else {}),
        **({'schedule': annotations['schedule']} if 'schedule' in annotations else {}),
        **({'keep': True} if annotations.get(KEEP) == FOR_EVER else {}),
        **({'pageErrors': True} if backup.get('error') else {}),
    }


def fitting(entries):
    """The newest backups that have room, newest first, and how many are left out."""
    kept, size = [], 0
    for one in sorted(entries, key=lambda each: (each['stop'], each['label']), reverse=True):
        size += len(json.dumps(one, separators=(',', ':'))) + 1
        if size > MOST_BYTES:
            break
        kept.append(one)
    return kept, len(entries) - len(kept)


def last_run(options, outcome):
    told = {name: outcome[name] for name in ('succeeded', 'label', 'reason', 'warning') if name in outcome}
    asked = {'backup': options.backup} if options.backup else {}
    job = os.environ.get('JOB_NAME')
    return {'at': at(time.time()), **told, **asked, **({'job': job} if job else {})}


def listing(options, outcome, entries, missing):
    """The list, with the ranges of WAL that are missing; without `backups` when the repository could not be read, so that nothing is concluded from it."""
    run = {'at': at(time.time()), 'repository': options.repository, 'lastRun': last_run(options, outcome)}
    if entries is None:
        return run
    backups, left = fitting(entries)
    return {**run, 'backups': backups, 'left': left, **({'gaps': missing[-MOST_GAPS:]} if missing is not None else {})}


def tell(options, outcome, entries, missing=None):
    """Writes the list; raises OSError when the API server does not take it. An unreadable repository leaves the backups
    that were told before."""
    told = listing(options, outcome, entries, missing)
    if entries is None:
        told = {**before(options.database, options.repository), **told}
    annotate(options.database, 'ballast-backup', LIST, told)


def path_of(database):
    return f'/api/v1/namespaces/{namespace()}/configmaps/{database}-backups'


def annotate(database, writer, annotation, told):
    """Writes one annotation of NAME-backups as JSON; those of another writer stay. Raises OSError when the API server does not take it."""
    labels = {
        'app.kubernetes.io/component': 'database',
        'app.kubernetes.io/managed-by': 'ballast',
        'db.example.com/database': database,
    }
    annotations = {annotation: json.dumps(told, separators=(',', ':'))}
    metadata = {'name': f'{database}-backups', 'namespace': namespace(), 'labels': labels, 'annotations': annotations}
    body = {'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': metadata}
    request('PATCH', f'{path_of(database)}?fieldManager={writer}&force=true', body, APPLY)


def before(database, repository):
    """The backups that were told of this repository before; empty when there are none that can be read."""
    try:
        told = json.loads(request('GET', path_of(database))['metadata']['annotations'][LIST])
        if told['repository'] == repository:
            return {part: told[part] for part in ('backups', 'left', 'gaps') if part in told}
    except (OSError, LookupError, TypeError, ValueError):
        pass
    return {}
