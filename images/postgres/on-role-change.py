#!/usr/bin/python3 -BIS
"""Patroni's callback on_role_change: the new primary takes the old one's role label.

A member labels its own pod only. The pod of a dead node keeps `primary`, and the Service goes on sending half of the
clients to it until Kubernetes gives the node up. The label is removed, not set to `replica`: nobody should be sent there
at all, and a member that comes back labels itself.

Arguments: ROLE_LABEL SCOPE_LABEL, then what Patroni adds: ACTION ROLE SCOPE.
"""

import os
import sys
import urllib.parse

# The modules beside this file; Python's isolated mode omits its folder.
sys.path.append(os.path.dirname(os.path.realpath(__file__)))

from api_server import namespace, request


def relabel(role_label, scope_label, scope):
    me = os.environ['POD_NAME']
    core = f'/api/v1/namespaces/{namespace()}'
    selector = urllib.parse.quote(f'{scope_label}={scope},{role_label}=primary')
    others = [
        pod['metadata']
        for pod in request('GET', f'{core}/pods?labelSelector={selector}')['items']
        if pod['metadata']['name'] != me
    ]
    # The leader lock may have changed hands since: a member that lost it changes no label.
    leader = request('GET', f'{core}/configmaps/{scope}-leader')['metadata'].get('annotations', {}).get('leader')
    for pod in others if leader == me else []:
        patch = {'metadata': {'resourceVersion': pod['resourceVersion'], 'labels': {role_label: None}}}
        request('PATCH', f'{core}/pods/{pod["name"]}', patch)
        print(f'{pod["name"]} is not the primary any more: its role label is removed', file=sys.stderr)


def main():
    role_label, scope_label, _action, role, scope = sys.argv[1:]
    if role != 'primary':
        return
    try:
        relabel(role_label, scope_label, scope)
    except (OSError, KeyError, ValueError) as error:
        sys.exit(f'role labels of {scope}: {error}')


main()
