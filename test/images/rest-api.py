"""Asks Patroni's REST API in the same container, and prints a line for each: the request, then status and length of the answer
without a certificate, and with one.

Arguments: the TLS folder, host:port, then requests as METHOD:PATH, and as raw:LINE what no client would send, with + for a
space.
"""

import http.client
import socket
import ssl
import sys

TLS, ADDRESS, *requests = sys.argv[1:]


def context(shows):
    made = ssl.create_default_context(cafile=f'{TLS}/ca.crt')
    if shows:
        made.load_cert_chain(f'{TLS}/tls.crt', f'{TLS}/tls.key')
    return made


def ask(request, shows):
    method, path = request.split(':', 1)
    connection = http.client.HTTPSConnection(ADDRESS, timeout=10, context=context(shows))
    connection.request(method, path, '{}' if method in ('POST', 'PUT', 'PATCH') else None)
    response = connection.getresponse()
    return f'{response.status} {len(response.read())}'


def raw(line):
    """The status of an answer to a request line that no client would write."""
    host, port = ADDRESS.split(':')
    with context(False).wrap_socket(socket.create_connection((host, int(port))), server_hostname=host) as tls:
        tls.sendall(line.replace('+', ' ').encode() + b'\r\n\r\n')
        return tls.recv(1000).split(b'\r\n')[0].decode()


for request in requests:
    if request.startswith('raw:'):
        print(request, raw(request[4:]), sep='|')
    else:
        print(request, ask(request, False), ask(request, True), sep='|')
