"""The demo's next hop: catches every mail and shows it, so that nothing leaves the machine.

`sekisho mail-catcher` runs it by itself, as the next hop of a trial node.
"""

import asyncio
import signal
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from mail.message import Message

LIMIT = 200
"""How many mails are kept; the oldest goes first."""


@dataclass(frozen=True)
class Caught:
    number: int
    reverse_path: str
    recipients: tuple[str, ...]
    content: bytes


class Catcher:
    """An SMTP server that accepts everything but mail to nobody@…, and a page that lists what it caught."""

    def __init__(self, folder: Path) -> None:
        self.caught: list[Caught] = []
        self._folder = folder
        self._count = 0
        self._server: asyncio.Server | None = None
        folder.mkdir(parents=True, exist_ok=True)

    async def start(self, port: int, host: str = "127.0.0.1") -> int:
        """Listen; answers the port (a free one for 0)."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: SMTP(self, loop=loop, enable_SMTPUTF8=True, ident="Demo mailbox"), host, port
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 5.1.1 No such user here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self._count += 1
        caught = Caught(self._count, envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content)
        self.caught = [*self.caught, caught][-LIMIT:]
        (self._folder / f"{caught.number:04}.eml").write_bytes(caught.content)
        return "250 2.0.0 Caught"

    def page(self) -> Starlette:
        """The list of caught mails, and each as plain text."""
        return Starlette(routes=[Route("/", self._list), Route("/{number:int}", self._source)])

    async def _list(self, request: Request) -> Response:
        rows = "".join(
            f"<tr><td><a href='/{c.number}'>{c.number}</a><td>{escape(_subject(c.content))}"
            f"<td>{escape(c.reverse_path or '<>')}<td>{escape(', '.join(c.recipients))}<td>{len(c.content):,}"
            for c in reversed(self.caught)
        )
        return HTMLResponse(
            "<!doctype html><meta charset=utf-8><title>Demo mailbox</title><style>body{font:15px system-ui;margin:2rem}"
            "td,th{padding:.4rem .8rem;text-align:left;border-bottom:1px solid #ddd}</style><h1>Demo mailbox</h1>"
            f"<p>What left the checkpoint ({len(self.caught)}).</p><table><tr><th>#<th>Subject<th>From<th>To<th>Bytes{rows}</table>",
            headers={"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"},
        )

    async def _source(self, request: Request) -> Response:
        for caught in self.caught:
            if caught.number == request.path_params["number"]:
                return PlainTextResponse(
                    caught.content.decode("utf-8", "replace"), headers={"X-Content-Type-Options": "nosniff"}
                )
        return PlainTextResponse("No such mail", 404)


def run(folder: Path, host: str, port: int, page_port: int) -> int:
    """Catch mail until SIGTERM or SIGINT. Answers the exit status; OSError when a port is taken."""
    return asyncio.run(_run(Catcher(folder), host, port, page_port))


async def _run(catcher: Catcher, host: str, port: int, page_port: int) -> int:
    server = uvicorn.Server(
        uvicorn.Config(catcher.page(), host=host, port=page_port, log_level="warning", lifespan="off")
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, setattr, server, "should_exit", True)
    await catcher.start(port, host)
    try:
        await server._serve()  # `serve` would raise the signal again when it is done
    finally:
        await catcher.stop()
    return 0


def _subject(content: bytes) -> str:
    field = Message(content).first("subject")
    return field.text if field else ""
