"""Answers the kubelet's probes in the place of Patroni, while a member is held back from starting it."""

import contextlib
import http.client
import http.server
import ssl
import threading


class Probes(http.server.BaseHTTPRequestHandler):
    """The answers of a member that is held: it lives, and serves nobody."""

    def do_GET(self):
        is_alive = self.path == '/liveness'
        self.send_response(http.client.OK if is_alive else http.client.SERVICE_UNAVAILABLE)
        self.send_header('Content-Length', '0')
        self.end_headers()

    do_HEAD = do_OPTIONS = do_GET

    def log_message(self, *_):
        pass


class ProbeServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Connections that break off, or speak no TLS, are nobody's fault."""


@contextlib.contextmanager
def answering(address, tls):
    """Answers the kubelet's probes in the place of Patroni."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(f'{tls}/tls.crt', f'{tls}/tls.key')
    server = ProbeServer(('', int(address.rsplit(':', 1)[1])), Probes)
    # The handshake belongs to the thread of its connection.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
