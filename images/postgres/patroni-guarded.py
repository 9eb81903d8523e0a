#!/opt/patroni/bin/python3 -BI
"""Patroni with a REST API that answers clients without a certificate in part only.

Patroni itself asks for one where something is changed, and tells everybody everything else: parameters, hosts, history. The
kubelet's probes and Prometheus have none; members, patronictl and the controller have the Database's own. Without one
there is an answer about life, readiness and metrics, and 403 for all else.
"""

import sys

from patroni import api
from patroni.__main__ import main

# Methods of Patroni's request handler.
OPEN = frozenset(('GET_liveness', 'GET_readiness', 'GET_metrics'))

parse_request = api.RestApiHandler.parse_request


def parse_guarded(handler):
    """Whether the request may be answered; a refused one has its answer already."""
    return parse_request(handler) and (handler.command in OPEN or bool(handler.server.check_access(handler)))


api.RestApiHandler.parse_request = parse_guarded

# Patroni starts PostgreSQL from a process that imports this file again.
if __name__ == '__main__':
    sys.exit(main())
