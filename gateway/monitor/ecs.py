"""A line of the log by the names of the Elastic Common Schema, as nested objects.

What ECS has a name for gets that name; all else stands under `sekisho`, by the name in docs/events.md, so that nothing takes
the place of a field that ECS may have one day. Source: Elastic Common Schema reference, version 8.11 (base, log, event,
error, service, source, user, organization, tls fields; "custom fields").
"""

import ipaddress
from collections.abc import Mapping
from typing import Any

VERSION = "8.11.0"
_NAMES = {
    "timestamp": ("@timestamp",),
    "level": ("log", "level"),
    "node": ("service", "node", "name"),
    "tenant": ("organization", "id"),
    "login": ("user", "name"),
    "peer": ("source", "address"),
    "error": ("error", "message"),
    "kind": ("error", "type"),
    "reason": ("event", "reason"),
    "pid": ("process", "pid"),
}
NOBODY = "-"


def ecs(line: Mapping[str, Any]) -> dict[str, Any]:
    """The same line."""
    event = str(line.get("event", ""))
    out: dict[str, Any] = {
        "@timestamp": line.get("timestamp", ""),
        "ecs": {"version": VERSION},
        "message": event,
        "event": {"action": event, "dataset": "sekisho.log", "kind": "event"},
        "service": {"name": "sekisho", "type": "sekisho"},
    }
    for name, value in line.items():
        if name == "event" or (name == "tenant" and value == NOBODY):
            continue
        if name == "exception":
            _raised(out, value)
        else:
            _put(out, _NAMES.get(name, ("sekisho", name)), value)
    address = out.get("source", {}).get("address", "")
    if _is_address(address):
        out["source"]["ip"] = address
    return out


def _put(out: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        out = out.setdefault(name, {})
    out[path[-1]] = value if path[0] in ("sekisho", "process") else str(value)


def _raised(out: dict[str, Any], traces: Any) -> None:
    """What structlog made of an exception: its last link has the type, and where it was raised; no values."""
    error = out.setdefault("error", {})
    if not isinstance(traces, list) or not traces:
        error["stack_trace"] = str(traces)
        return
    first = traces[0]
    error["type"] = first.get("exc_type", "")
    error["message"] = first.get("exc_value", "")
    error["stack_trace"] = "\n".join(
        f"{frame.get('filename')}:{frame.get('lineno')} {frame.get('name')}"
        for frame in first.get("frames", [])
    )


def _is_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return False
