"""Runs begin_again with an API server that answers with one mark. Arguments: the folder of first_start.py, the data directory,
and the annotation `initialize`: a text, `absent`, or `no-config-map`. Prints the changes that it asked for."""

import json
import sys
import types

folder, data, mark = sys.argv[1:]
changes = []


def request(method, path, body=None, absent=None):
    if method == 'GET':
        if mark == 'no-config-map':
            return absent
        annotations = {} if mark == 'absent' else {'initialize': mark}
        return {'metadata': {'resourceVersion': '7', 'annotations': annotations}}
    changes.append([path, body])
    return {}


api_server = types.ModuleType('api_server')
api_server.namespace = lambda: 'shop'
api_server.request = request
sys.modules['api_server'] = api_server
sys.path.append(folder)

from first_start import begin_again

begin_again(data, 'orders-2')
print(json.dumps(changes))
