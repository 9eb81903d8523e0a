#!/usr/bin/python3 -IS
"""Patroni's callback on_role_change: the new primary takes the old one's role label.

A member labels its own pod only. The pod of a dead node keeps `primary`, and the Service goes on sending half of the
clients to it until Kubernetes gives the node up. The label is removed, not set to `replica`: nobody should be sent there
at all, and a member that comes back labels itself.

Arguments: ROLE_LABEL SCOPE_LABEL, then what Patroni adds: ACTION ROLE SCOPE.
"""

import http.client
import json
import os
import ssl
import sys
import urllib.parse

ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
TIMEOUT_SECONDS = 3


def read(name):
    with open(f'{ACCOUNT}/{name}', encoding='utf-8') as file:
        return file.read().strip()


def request(method, path, body=None):
    """Asks the API server; a status other than 2xx is an error, but for a conflict, which is somebody else's news."""
    context = ssl.create_default_context(cafile=f'{ACCOUNT}/ca.crt')
    # Many a cluster's certificates lack extensions that RFC 5280 wants; only Python, from 3.13 on, refuses them.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    connection = http.client.HTTPSConnection(
        os.environ['KUBERNETES_SERVICE_HOST'],
        int(os.environ['KUBERNETES_SERVICE_PORT']),
        timeout=TIMEOUT_SECONDS,
        context=context,
    )
    headers = {'Authorization': f'Bearer {read("token")}', 'Content-Type': 'application/merge-patch+json'}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    text = response.read()
    if response.status == http.client.CONFLICT:
        return None
    if response.status // 100 != 2:
        raise OSError(f'{method} {path}: {response.status} {response.reason}')
    return json.loads(text)


def relabel(role_label, scope_label, scope):
    me = os.environ['POD_NAME']
    core = f'/api/v1/namespaces/{read("namespace")}'
    selector = urllib.parse.quote(f'{scope_label}={scope},{role_label}=primary')
    others = [
        pod['metadata']
        for pod in request('GET', f'{core}/pods?labelSelector={selector}')['items']
        if pod['metadata']['name'] != me
    ]
    # The lock may have gone on while this program was started: who lost it takes nobody's label.
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
