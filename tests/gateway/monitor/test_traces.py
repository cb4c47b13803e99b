"""Traces at a collector that speaks OTLP over HTTP: what they say of a mail, what they never say, and that nobody waits for them."""

import http.server
import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from config.log_events import LogEvent
from config.policy import ConfigError
from config.watching import LogSection
from gateway import log
from gateway.monitor import traces
from tests.gateway.test_app import HANAKO, TARO
from tests.services.node import site
from tests.services.postgres import free_port


@pytest.fixture(autouse=True)
def reset() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and the bodies that it was sent."""
    bodies: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/traces", bodies
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def spans(bodies: list[bytes]) -> list[Span]:
    return [
        span
        for body in bodies
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def about(span: Span) -> dict[str, str]:
    return {each.key: each.value.string_value for each in span.attributes}


async def test_a_mail_is_one_trace_from_its_answer_to_its_deliveries(tmp_path: Path) -> None:
    with collector() as (url, bodies):
        writer = log.configure("warning", io.StringIO(), node="n1", section=LogSection(traces=url))
        async with site(tmp_path) as here:
            code, text = await here.send(
                TARO, [HANAKO], f"From: {TARO}\r\nSubject: Umsatz\r\n\r\nhi\r\n".encode()
            )
            assert code == 250, text
            await here.caught(1)
        writer.close()
    found = spans(bodies)
    roots = [span for span in found if span.name == "mail"]
    delivered = [span for span in found if span.name == "deliver"]
    assert {about(span)["sekisho.reply"] for span in roots} >= {"250 2.0.0"}
    assert delivered, "an attempt for each recipient"
    assert {(s.trace_id, s.parent_span_id) for s in delivered} <= {(s.trace_id, s.span_id) for s in roots}
    assert all(0 < s.start_time_unix_nano <= s.end_time_unix_nano for s in found)
    assert all(about(span)["sekisho.tenant"] == "default" for span in found)
    octets = b"".join(bodies)
    assert not [word for word in (b"Umsatz", b"taro", b"hanako", b"@example") if word in octets]


def test_what_failed_is_an_error_and_a_mail_without_a_place_has_a_trace_of_its_own() -> None:
    with collector() as (url, bodies):
        writer = log.configure("info", io.StringIO(), section=LogSection(traces=url))
        line = {"listener": "inbound", "size": 9, "recipients": 1, "heard": True, "seconds": 0.25}
        for reply in ("550 5.7.1 No", "451 4.3.0 Later", "250 2.0.0 Accepted as " + "a" * 16):
            structlog.get_logger().info(LogEvent.MAIL, reply=reply, **line)
        told = {
            "item": "i",
            "mail": "a" * 16,
            "status": "waiting",
            "cause": None,
            "hop": "relay",
            "seconds": 1.0,
        }
        structlog.get_logger().info(LogEvent.ATTEMPT, reply="", **told)
        writer.close()
    found = spans(bodies)
    assert [about(span).get("error.type") for span in found] == ["550", "451", None, "connection"]
    assert len({span.trace_id for span in found}) == 3
    assert found[3].trace_id == found[2].trace_id
    assert found[3].parent_span_id == found[2].span_id
    assert found[0].end_time_unix_nano - found[0].start_time_unix_nano == 250_000_000


def test_nobody_waits_for_a_collector_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "PATIENCE", 0.2)
    stream = io.StringIO()
    url = f"http://127.0.0.1:{free_port()}/v1/traces"
    writer = log.configure("info", stream, section=LogSection(traces=url))
    line = {
        "listener": "inbound",
        "size": 9,
        "recipients": 1,
        "heard": True,
        "seconds": 0.0,
        "reply": "250 2.0.0 ok",
    }
    for _ in range(5_000):
        structlog.get_logger().info(LogEvent.MAIL, **line)
    writer.close()
    assert stream.getvalue().count('"event": "mail"') == 5_000


def test_without_the_extra_the_settings_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(ConfigError, match="the extra `traces` is not installed"):
        log.configure("info", io.StringIO(), section=LogSection(traces="http://127.0.0.1/v1/traces"))
