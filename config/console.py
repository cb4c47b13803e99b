"""The console in the settings: where it is reached, how much it may be asked, who needs a second factor (config/settings.py)."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field

from config.section import Count, Network, Port, Seconds, Section, Zone


class ConsoleLimits(Section):
    """How much the browsers of all people may ask of the console. Times are seconds (gateway/web)."""

    connections: Count = 256
    connections_per_address: Count = 32
    """Not for console.trusted_proxies."""
    head: Seconds = 10.0
    """In which the head of a request must have come."""
    body: Seconds = 30.0
    write: Seconds = 30.0
    """In which a client must have taken an answer."""
    idle: Count = 5
    """For which a connection may stay open without a request."""


class SecondFactorSection(Section):
    """Who logs in with a second factor besides the password (OPS-MFA, docs/howto/second-factor.md); others may.

    required  roles that must, `department_head` for heads of departments
    days      to set one up in, from the first login at which it was asked for; then the console shows nothing else
    minutes   after which one shows again who one is (the second factor, or the password of who has none) before a passphrase,
              a content for a reason, a release, or a change for others; 0: never
    """

    required: tuple[
        Literal[
            "department_head",
            "approver",
            "president",
            "operator",
            "auditor",
            "administrator",
            "house_operator",
        ],
        ...,
    ] = ("department_head", "approver", "president", "operator", "auditor", "administrator", "house_operator")
    days: Annotated[int, Field(ge=0, le=366)] = 14
    minutes: Annotated[int, Field(ge=0, le=720)] = 15


class ConsoleSection(Section):
    host: str = "127.0.0.1"
    port: Port = 8025
    base_url: str = ""
    """How people reach the console, such as https://sekisho.example.jp; used in notices."""
    timezone: Zone = "Asia/Tokyo"
    """In which times are told, on pages and in notices."""
    trusted_proxies: tuple[Network, ...] = ()
    """Web servers in front of the console: what they say of the client's address is believed."""
    proxy_header: Literal["x-forwarded-for", "forwarded"] = "x-forwarded-for"
    """The header field in which they say it."""
    limits: ConsoleLimits = ConsoleLimits()
    second_factor: SecondFactorSection = SecondFactorSection()

    def page(self, house: str) -> str:
        """The address under which people reach it, without a slash at its end; `house`: where nothing is said."""
        return self.base_url.rstrip("/") or house


def host_of(url: str) -> str:
    """What stands in the Host field of requests to this address (RFC 9110 §7.2): in small letters, the port only where it is
    not that of the scheme. "" for what is no address."""
    try:
        parts = urlsplit(url.lower())
        port = parts.port
    except ValueError:
        return ""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = parts.netloc.rpartition("@")[2]
    return host.removesuffix(f":{port}") if port is not None and port == usual else host
