"""Who stands behind a reverse proxy: the client that a proxy we know says it speaks for (RFC 7239, X-Forwarded-For).

Each proxy appends the address that it saw, so the line is read from its right end, and the first address that is no
proxy of ours is the client: what stands further left, anybody may have written. One header field is believed, the one
that the settings name; a proxy passes the other through as it came. (uvicorn's own middleware knows no Forwarded.)
"""

import time
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Literal

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from config.log_events import LogEvent
from mail.networks import Networks, plain_address

log = structlog.get_logger()

Field = Literal["x-forwarded-for", "forwarded"]

_INTERVAL = 3600.0


def client_of(peer: str, values: Iterable[str], field: Field, proxies: Networks) -> str:
    """The client's address. `peer` is who is connected to us, `values` the lines of the header field, in order.

    What cannot be read ends the walk: the client is then the last proxy that said it.
    """
    client = plain_address(peer)
    if client not in proxies:
        return client
    for element in reversed(",".join(values).split(",")):
        node = element.strip() if field == "x-forwarded-for" else _for(element)
        try:
            client = plain_address(str(ip_address(_host(node).partition("%")[0])))
        except ValueError:
            return client
        if client not in proxies:
            return client
    return client


def _for(element: str) -> str:
    """The node of `for=` in an element of Forwarded, "" without one. (A comma in quotes splits an element; its halves
    are not addresses.)"""
    for pair in element.split(";"):
        name, _, value = pair.strip().partition("=")
        if name.lower() == "for":
            return value.removeprefix('"').removesuffix('"')
    return ""


def _host(node: str) -> str:
    """An address without brackets and port."""
    if node.startswith("["):
        return node[1:].partition("]")[0]
    return node.partition(":")[0] if node.count(":") == 1 else node


class Forwarded:
    """Passes requests on with the client's address in place of the proxy's."""

    def __init__(self, app: ASGIApp, proxies: Networks, field: Field) -> None:
        self._app = app
        self._proxies = proxies
        self._field = field
        self._told = -_INTERVAL

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("client"):
            peer, port = scope["client"]
            name = self._field.encode()
            values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
            if values and plain_address(peer) not in self._proxies:
                self._tell(peer)
            scope = {**scope, "client": (client_of(peer, values, self._field, self._proxies), port)}
        await self._app(scope, receive, send)

    def _tell(self, peer: str) -> None:
        """Once an hour: most often it is a web server that nobody named."""
        now = time.monotonic()
        if now - self._told >= _INTERVAL:
            self._told = now
            log.warning(LogEvent.PROXY_UNKNOWN, peer=peer)
