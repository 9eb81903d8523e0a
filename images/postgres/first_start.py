"""What a member does, before Patroni begins, about a first start from a backup that was broken off.

Patroni bootstraps only into an empty folder, and only while nobody else does; of a process that is killed meanwhile both
remain. It takes data whose replay has not ended for those of a standby, and drops the target of the replay. So the data
go back to where ballast-restore goes on with them, and the empty mark of the initialisation is removed.
"""

import os
import shutil
import sys

from api_server import namespace, request


def say(text):
    print(f'member: {text}', file=sys.stderr, flush=True)


def begin_again(data_directory, member):
    """Prepares another bootstrap when this member broke one off. Raises OSError when the API server does not answer."""
    restoring = f'{data_directory}.restoring'
    # PostgreSQL removes the signal when the replay has ended. Standbys have another.
    is_replaying = os.path.exists(os.path.join(data_directory, 'recovery.signal'))
    if not is_replaying and not os.path.exists(restoring):
        return
    name = f'/api/v1/namespaces/{namespace()}/configmaps/{member.rsplit("-", 1)[0]}-config'
    metadata = (request('GET', name, absent={}) or {}).get('metadata', {})
    mark = metadata.get('annotations', {}).get('initialize')
    if mark:
        say('the cluster is initialised; what is left of a first start is ' + ('kept' if is_replaying else 'removed'))
        if not is_replaying:
            shutil.rmtree(restoring)
        return
    if is_replaying:
        say('the replay was broken off; the first start begins again')
        shutil.rmtree(restoring, ignore_errors=True)
        os.rename(data_directory, restoring)
    if mark == '':
        change = {'resourceVersion': metadata['resourceVersion'], 'annotations': {'initialize': None}}
        request('PATCH', name, {'metadata': change})
