"""What the console's process is told at its start: plain settings, no secret."""

import socket
from typing import Any

import msgspec

from gateway.service.wire import HEAD


class ConsoleSetup(msgspec.Struct, frozen=True):
    """What the process is told first, over its channel.

    section   [console] of the settings
    walls     of those that gateway/locked/sandbox.py knows
    reports   tenant -> where its people can forward suspicious mail; zones: its time zone (console/context.py)
    doors     hosts of tenants -> whether they are reached by https (console/context.py)
    bait      for the probes: then it tries to escape, says what came of it over its channel, and ends
    """

    node: str
    log_level: str
    section: dict[str, Any]
    walls: tuple[str, ...]
    margin: float = 5.0
    reports: dict[str, str] = {}
    zones: dict[str, str] = {}
    doors: dict[str, bool] = {}
    keep_days: int = 30
    language: str = "ja"
    bait: dict[str, Any] = {}


def told(setup: ConsoleSetup) -> bytes:
    """The setup as it passes."""
    body = msgspec.msgpack.encode(setup)
    return HEAD.pack(len(body), 0, 0) + body


def received(channel: socket.socket) -> ConsoleSetup:
    """Blocks. Raises EOFError."""
    data = b""
    size = HEAD.size
    while len(data) < size:
        chunk = channel.recv(size - len(data))
        if not chunk:
            raise EOFError("the node is gone")
        data += chunk
        if len(data) == HEAD.size and size == HEAD.size:
            size += HEAD.unpack(data)[0]
    return msgspec.msgpack.decode(data[HEAD.size :], type=ConsoleSetup)
