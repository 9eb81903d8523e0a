"""One backup of a Database at a time. A CronJob keeps its own runs apart, and knows nothing of those that are asked for.

PostgreSQL takes one backup at a time; retention of one run, however, could meet the end of another: both rewrite the list
in the repository.
"""

import os
import sys
import time
import urllib.parse

from api_server import namespace, request

LOOK_SECONDS = 10


def began(pod):
    """When the container of a job's pod began to run, and its name: who is first has its turn first."""
    statuses = pod.get('status', {}).get('containerStatuses') or [{}]
    running = statuses[0].get('state', {}).get('running') or {}
    return running.get('startedAt', '~'), pod['metadata']['name']


def backs_up(pod):
    """Whether a pod makes a backup: a verification only reads the repository."""
    return pod.get('status', {}).get('phase') == 'Running' and pod['spec']['containers'][0]['name'] == 'backup'


def ahead(pods, me):
    """Names of the pods that make a backup and began before this one."""
    running = [began(pod) for pod in pods if backs_up(pod)]
    mine = next((one for one in running if one[1] == me), ('~', me))
    return [name for start, name in sorted(running) if name != me and (start, name) < mine]


def wait(database):
    """Returns when no backup of this Database that began earlier is at work, or when that cannot be known."""
    me, told = os.environ.get('HOSTNAME', ''), None
    labels = f'db.example.com/database={database},app.kubernetes.io/component=backup,!db.example.com/repository'
    path = f'/api/v1/namespaces/{namespace()}/pods?labelSelector={urllib.parse.quote(labels)}'
    while others := ahead(request('GET', path)['items'], me):
        if others != told:
            print(f'backup: waits for {", ".join(others)}', file=sys.stderr, flush=True)
            told = others
        time.sleep(LOOK_SECONDS)
