"""Runs hold.py and in_place.py on folders, with a stand-in for the API server. Arguments: IMAGE FOLDER; a case on standard input."""

import json
import os
import sys

image, folder = sys.argv[1:]
sys.path.insert(0, image)
os.environ['POD_NAME'] = 'orders-0'

import api_server

case = json.load(sys.stdin)
data = os.path.join(folder, 'pgdata')
answers = case.get('answers', [])
asked = []


def request(method, path, body=None, *_, absent=None):
    asked.append([method, path.rsplit('/', 1)[1], *([body['metadata']['annotations']] if body else [])])
    if method != 'GET':
        return {}
    answer = answers.pop(0) if len(answers) > 1 else answers[0]
    if answer == 'no answer':
        raise OSError('connection refused')
    if isinstance(answer, int):
        raise api_server.RefusedRequest(f'{answer}', answer)
    return {'metadata': {'annotations': answer}} if answer is not None else absent


api_server.request = request
api_server.namespace = lambda: 'shop'

import hold
import in_place

hold.POLL_SECONDS = 0.01


class Silent:
    def __enter__(self):
        pass

    def __exit__(self, *_):
        pass


hold.answering = lambda *_: Silent()


def make(wanted, given, *_):
    if case.get('fails'):
        raise in_place.Failed(case['fails'])
    made = f'{given}-restore-{wanted["id"]}'
    os.makedirs(made, exist_ok=True)
    in_place.write_ids(made, [*in_place.ids_of(given), wanted['id']])
    return {'backup': 'one'}


in_place.make = make
result = {}
if 'space' in case:
    in_place.shutil.disk_usage = lambda _: type('usage', (), {'free': case['space']})
    try:
        in_place.prepare(f'{data}-restore-1', 1000)
        result['prepared'] = True
    except in_place.Refused as error:
        result['refused'] = str(error)
else:
    result['free'] = hold.hold('orders-0', data, os.path.join(folder, 'settings'), '127.0.0.1:8008', '/tls')
    result['ids'] = in_place.ids_of(data)
print(json.dumps({**result, 'asked': asked, 'left': sorted(one for one in os.listdir(folder) if one != 'settings')}))
