"""As much of Kubernetes' API as two members need: their pods and ConfigMaps, in memory. Argument: the port."""

import http.server
import json
import sys
import threading
import urllib.parse

def pod(name):
    return {'metadata': {'name': name, 'labels': {'db.example.com/database': 'orders'}, 'annotations': {}}}


changed = threading.Condition()
stored = {'pods': {name: pod(name) for name in ('orders-0', 'orders-1')}, 'configmaps': {}}
log = []


def keep(kind, verb, item):
    item['metadata']['resourceVersion'] = str(len(log) + 1)
    item['metadata'].setdefault('labels', {}).setdefault('db.example.com/database', 'orders')
    stored[kind][item['metadata']['name']] = item
    log.append((kind, verb, json.dumps(item)))
    changed.notify_all()
    return item


def merge(old, patch):
    for name, value in patch.items():
        if value is None:
            old.pop(name, None)
        elif isinstance(value, dict):
            merge(old.setdefault(name, {}), value)
        else:
            old[name] = value
    return old


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def answer(self, code, body):
        text = json.dumps(body).encode()
        self.send_response(code)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def body(self):
        return json.loads(self.rfile.read(int(self.headers.get('Content-Length', 0))) or 'null')

    def place(self):
        url = urllib.parse.urlparse(self.path)
        return url.path.split('/')[5:], urllib.parse.parse_qs(url.query)

    def watch(self, kind, since):
        self.send_response(200)
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        sent = since
        while True:
            with changed:
                changed.wait_for(lambda: len(log) > sent, timeout=1)
                news = log[sent:]
            sent += len(news)
            for one, verb, item in news:
                if one == kind:
                    line = f'{{"type": "{verb}", "object": {item}}}\n'.encode()
                    self.wfile.write(b'%x\r\n%s\r\n' % (len(line), line))

    def do_GET(self):
        (kind, *name), query = self.place()
        if name:
            item = stored[kind].get(name[0])
            return self.answer(200 if item else 404, item or {'code': 404, 'message': 'not found'})
        if 'watch' in query:
            return self.watch(kind, int(query.get('resourceVersion', ['0'])[0]))
        with changed:
            self.answer(200, {'metadata': {'resourceVersion': str(len(log))}, 'items': list(stored[kind].values())})

    def do_POST(self):
        (kind, *_), _ = self.place()
        with changed:
            self.answer(201, keep(kind, 'ADDED', self.body()))

    def do_PATCH(self):
        (kind, name), _ = self.place()
        patch = self.body()
        with changed:
            if name not in stored[kind]:
                return self.answer(404, {'code': 404, 'message': 'not found'})
            self.answer(200, keep(kind, 'MODIFIED', merge(stored[kind][name], patch)))

    do_PUT = do_PATCH

    def do_DELETE(self):
        (kind, name), _ = self.place()
        with changed:
            item = stored[kind].pop(name, None)
            if item is None:
                return self.answer(404, {'code': 404, 'message': 'not found'})
            log.append((kind, 'DELETED', json.dumps(item)))
            changed.notify_all()
            self.answer(200, item)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A watch that nobody listens to any more is no error."""


Server(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
