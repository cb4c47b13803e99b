"""Sections of the settings: what monitoring may ask of a node, and how and where its log is written (config/settings.py)."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from config.section import Port, Section


class MetricsSection(Section):
    """A page for Prometheus (/metrics), and answers for load balancers (/livez, /readyz): figures only, no content and no
    address. Nobody logs in there: leave it on loopback, or let a firewall say who may ask (docs/howto/monitoring.md).

    port   0: no such page. Where a node is several processes, each has its own: this port, the next one, and so on
    """

    host: str = "127.0.0.1"
    port: Port = 0


class LogSection(Section):
    """The log of operation on standard error, and beside that at a syslog server (RFC 5424 over TLS, RFC 5425).

    format              "plain": docs/events.md has the names of its fields; "ecs": those of the Elastic Common Schema
    syslog              "tls://host:6514"; empty: none
    syslog_ca           who signs the server's certificate (PEM); empty: whom the system trusts
    syslog_certificate, syslog_key   our own, where the server asks for one (PEM)
    traces              "https://collector:4318/v1/traces": what becomes of each mail as spans of OpenTelemetry, by OTLP over
                        HTTP (the extra `traces`); empty: none
    """

    format: Literal["plain", "ecs"] = "plain"
    syslog: Annotated[str, Field(pattern=r"^$|^tls://[^/\s@]+$")] = ""
    syslog_ca: Path | None = None
    syslog_certificate: Path | None = None
    syslog_key: Path | None = None
    traces: Annotated[str, Field(pattern=r"^$|^https?://[^/\s@]+/\S*$")] = ""
