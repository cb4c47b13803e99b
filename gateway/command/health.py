"""Does this node take connections? What a container engine or a load balancer's script asks it.

Every listener must greet, and the console must answer. The node's neighbours (database, store, next hops) are not
asked: starting this process again would not help them.
"""

import http.client
import socket
import ssl
from collections.abc import Callable

from config.console import ConsoleSection
from config.listening import ListenerSection, reached_at
from config.settings import Settings

SECONDS = 5.0
"""For each answer."""


def ailments(settings: Settings) -> list[str]:
    """What does not answer on this machine, each with its reason; empty when all is well. Blocks."""
    found = [_asked(f"listener {s.name}", lambda s=s: _greets(s)) for s in settings.listeners]  # type: ignore[misc]
    found.append(_asked("console", lambda: _answers(settings.console)))
    return [text for text in found if text]


def _asked(name: str, ask: Callable[[], str]) -> str:
    try:
        trouble = ask()
    except (OSError, http.client.HTTPException) as error:
        trouble = getattr(error, "strerror", "") or str(error) or type(error).__name__
    return f"{name}: {trouble}" if trouble else ""


def _greets(section: ListenerSection) -> str:
    """A listener for load balancers only turns us away (554, or no word before TLS), which is a sign of life, too."""
    with socket.create_connection(_reachable(section.host, section.port), SECONDS) as connection:
        if section.tls == "implicit" and not section.proxy_networks:
            trusting = ssl.create_default_context()
            trusting.check_hostname = False
            trusting.verify_mode = ssl.CERT_NONE
            with trusting.wrap_socket(connection) as secured:
                greeting = secured.recv(512)
        else:
            greeting = connection.recv(512)
    if greeting.startswith(b"220 ") or (section.proxy_networks and greeting[:4] in (b"", b"554 ")):
        return ""
    return f"greets with {greeting[:80]!r}"


def _answers(section: ConsoleSection) -> str:
    console = http.client.HTTPConnection(*_reachable(section.host, section.port), timeout=SECONDS)
    try:
        console.request("GET", "/login")
        status = console.getresponse().status
    finally:
        console.close()
    return "" if status == http.client.OK else f"answers {status}"


def _reachable(host: str, port: int) -> tuple[str, int]:
    return reached_at(host), port
