"""Calls to the Kubernetes API server with the service account of this pod."""

import http.client
import json
import os
import ssl

ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
TIMEOUT_SECONDS = 3


class RefusedRequest(OSError):
    """The API server answered that it does not do what was asked."""

    def __init__(self, text, status):
        super().__init__(text)
        self.status = status


def read(name):
    with open(f'{ACCOUNT}/{name}', encoding='utf-8') as file:
        return file.read().strip()


def namespace():
    return read('namespace')


MERGE = 'application/merge-patch+json'
# Makes an object or changes the fields of it that this writer owns.
APPLY = 'application/apply-patch+yaml'


def request(method, path, body=None, content_type=MERGE, absent=None):
    """
    Sends a request. A status of 4xx raises RefusedRequest, any other but 2xx OSError; except a conflict (409), which returns
    None, and a missing object (404) where `absent` is given, which is then returned.
    """
    context = ssl.create_default_context(cafile=f'{ACCOUNT}/ca.crt')
    # Certificates of many clusters lack extensions that RFC 5280 requires; only Python 3.13 and newer refuses them.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    connection = http.client.HTTPSConnection(
        os.environ['KUBERNETES_SERVICE_HOST'],
        int(os.environ['KUBERNETES_SERVICE_PORT']),
        timeout=TIMEOUT_SECONDS,
        context=context,
    )
    headers = {'Authorization': f'Bearer {read("token")}', 'Content-Type': content_type}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    text = response.read()
    if response.status == http.client.CONFLICT:
        return None
    if response.status == http.client.NOT_FOUND and absent is not None:
        return absent
    problem = f'{method} {path}: {response.status} {response.reason}'
    # Who asks too often is told to come back, as by a server that is starting.
    if response.status // 100 == 4 and response.status != http.client.TOO_MANY_REQUESTS:
        raise RefusedRequest(problem, response.status)
    if response.status // 100 != 2:
        raise OSError(problem)
    return json.loads(text)


def is_ending(pod):
    """Whether a pod of this namespace is being deleted, or gone. Raises OSError without an answer."""
    found = request('GET', f'/api/v1/namespaces/{namespace()}/pods?fieldSelector=metadata.name%3D{pod}')['items']
    return all('deletionTimestamp' in one['metadata'] for one in found)
