"""What becomes of a mail as a trace of OpenTelemetry: a span for its answer, one for each recipient of each delivery attempt.

The ids follow from the mail's id: its answer and its deliveries, hours later or by another node, lie in one trace, and nothing
has to be kept for that. Spans are made of lines of the log, of fields whose values are ours or a number: no address,
no subject, nothing that a peer said. They leave in a thread of the library's, from a queue with an end: mail never waits for
a collector, and what does not fit is dropped.

Sources: OpenTelemetry specification, Trace SDK and OTLP/HTTP; semantic conventions, "error.type", "server.address".
"""

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any

import structlog

from config.log_events import LogEvent
from config.policy import ConfigError

PATIENCE = 5.0
"""Seconds that the collector has for an answer, and that the end of the process waits for what is left."""
_TAKEN = re.compile(r"Accepted as ([a-z2-7]{16})")
_CODE = re.compile(r"([245]\d\d)(?: ([245]\.\d{1,3}\.\d{1,3}))?")


class Traces:
    """`node` and `hostname` name who speaks. Raises ConfigError where the extra `traces` is not installed."""

    def __init__(self, url: str, node: str, hostname: str) -> None:
        try:
            import opentelemetry.trace as trace
            from opentelemetry.context import Context
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
            from opentelemetry.sdk.trace.id_generator import IdGenerator
        except ImportError:
            raise ConfigError(["log.traces: the extra `traces` is not installed"]) from None

        given = threading.local()

        class Ids(IdGenerator):  # type: ignore[misc,unused-ignore]
            """Those of the mail, once each; else any."""

            def generate_trace_id(self) -> int:
                return given.__dict__.pop("trace", 0) or secrets.randbits(128)

            def generate_span_id(self) -> int:
                return given.__dict__.pop("span", 0) or secrets.randbits(64)

        self._trace, self._given, self._context = trace, given, Context
        about = Resource({"service.name": "sekisho", "service.instance.id": node, "host.name": hostname})
        self._provider = TracerProvider(resource=about, id_generator=Ids(), shutdown_on_exit=False)
        self._provider.add_span_processor(
            BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=PATIENCE))
        )
        self._tracer = self._provider.get_tracer("sekisho")

    def note(self, line: Mapping[str, Any]) -> None:
        """One line of the log; most are none of ours."""
        if line["event"] is LogEvent.MAIL:
            self._answered(line)
        elif line["event"] is LogEvent.ATTEMPT:
            self._attempted(line)

    def close(self) -> None:
        """What is left goes out, or is given up."""
        self._provider.force_flush(int(PATIENCE * 1000))
        self._provider.shutdown()

    def _answered(self, line: Mapping[str, Any]) -> None:
        """The root of a trace: what the client heard, and how long that took."""
        reply = str(line["reply"])
        if taken := _TAKEN.search(reply):
            self._given.trace, self._given.span = _ids(taken[1])
        about = {
            "sekisho.listener": line["listener"],
            "sekisho.size": line["size"],
            "sekisho.recipients": line["recipients"],
            "sekisho.heard": line["heard"],
        }
        self._span("mail", self._trace.SpanKind.SERVER, self._context(), line, about)

    def _attempted(self, line: Mapping[str, Any]) -> None:
        trace_id, root = _ids(line["mail"])
        flags = self._trace.TraceFlags(self._trace.TraceFlags.SAMPLED)
        parent = self._trace.NonRecordingSpan(self._trace.SpanContext(trace_id, root, True, flags))
        about = {
            "sekisho.item": line["item"],
            "sekisho.status": line["status"],
            "sekisho.cause": str(line["cause"] or ""),
            "server.address": line["hop"],
        }
        context = self._trace.set_span_in_context(parent, self._context())
        self._span("deliver", self._trace.SpanKind.CLIENT, context, line, about)

    def _span(
        self, name: str, kind: Any, context: Any, line: Mapping[str, Any], about: dict[str, Any]
    ) -> None:
        """It ends now, and began as many seconds ago as the line says."""
        about["sekisho.tenant"] = structlog.contextvars.get_contextvars().get("tenant", "")
        ended = time.time_ns()
        began = ended - int(line["seconds"] * 1_000_000_000)
        code = _CODE.match(str(line["reply"]))
        if code:
            about["sekisho.reply"] = " ".join(part for part in code.groups() if part)
        span = self._tracer.start_span(name, context, kind, about, start_time=began)
        if not code or not code[1].startswith("2"):
            span.set_attribute("error.type", code[1] if code else "connection")
            span.set_status(self._trace.StatusCode.ERROR)
        span.end(ended)


def _ids(mail: str) -> tuple[int, int]:
    """The id of a mail's trace, and that of its first span; neither is zero."""
    digest = hashlib.sha256(b"sekisho trace " + mail.encode()).digest()
    return int.from_bytes(digest[:16]) | 1, int.from_bytes(digest[16:24]) | 1
