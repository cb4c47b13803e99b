"""Upstreams of relay listeners: what each must be known by."""

from typing import Any

import pytest
from pydantic import ValidationError

from config.listening import ListenerSection
from config.upstreams import PROVIDERS, UpstreamSection, covers, too_open

TENANT = "9b2fa7c4-1d3e-4c55-8a21-6f0d3b7e9c10"
M365 = {"kind": "microsoft365", "tenant_id": TENANT}


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({}, "everybody could relay"),
        ({"networks": ["10.0.0.0/8"]}, ""),
        ({"networks": ["10.0.0.0/33"]}, "is not a network"),
        ({"login": "x"}, "go together"),
        ({"secret_header": "X-Example", "networks": ["10.0.0.1"]}, "go together"),
        ({"kind": "microsoft365"}, "tenant_id is missing"),
        ({"kind": "microsoft365", "networks": ["40.107.0.0/16"], "certificate_names": ["x.example"]}, "tenant_id is missing"),
        ({"kind": "google"}, "secret_header and secret_file are missing"),
        ({"kind": "google", "networks": ["209.85.128.0/17"]}, "secret_header and secret_file are missing"),
        (M365, ""),
        ({**M365, "tenant_id": "example.onmicrosoft.com"}, "is not the id of a tenant"),
        ({**M365, "tenant_id": "84DF9E7F-e9f6-40af-b435-aaaaaaaaaaaa"}, "all private accounts"),
        ({**M365, "tenant_id": "00000000-0000-0000-0000-000000000000"}, "all private accounts"),
        ({**M365, "person": "from"}, "must be people of ours"),
        ({**M365, "unknown": "pass", "unknown_as": "x"}, "must be people of ours"),
        ({**M365, "unknown": "hold", "unknown_as": "x"}, "must be people of ours"),
        ({"networks": ["10.0.0.1"], "tenant_id": TENANT}, "are for kind"),
        ({"networks": ["10.0.0.1"], "on_premises": True}, "are for kind"),
        ({"networks": ["10.0.0.1"], "unknown": "hold"}, "go together"),
        ({"networks": ["10.0.0.1"], "unknown_as": "x"}, "go together"),
        ({"networks": ["10.0.0.1"], "unknown": "pass", "unknown_as": "x"}, ""),
        ({"certificate_names": ["sha256:12"]}, "is no fingerprint"),
        ({"certificate_names": ["SHA256:" + ":".join(["AB"] * 32)]}, ""),
        ({"networks": ["10.0.0.1"], "secret_header": "X-MS-Mine", "secret_file": "f"}, "is not a header field of your own"),
        ({"networks": ["10.0.0.1"], "secret_header": "Subject", "secret_file": "f"}, "is not a header field of your own"),
    ],
)  # fmt: skip
def test_less_than_enough_is_refused(said: dict[str, Any], refused: str) -> None:
    if not refused:
        UpstreamSection(**said)
        return
    with pytest.raises(ValidationError, match=refused):
        UpstreamSection(**said)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"networks": ["10.0.0.0/8", "192.0.2.0/24", "2001:db8::/48", "fd00::/8"]}, []),
        ({"networks": ["0.0.0.0/0"]}, ["more than one house"]),
        ({"networks": ["::/0", "198.51.0.0/16"]}, ["more than one house"] * 2),
        ({"networks": ["10.0.0.0/7"]}, ["more than one house"]),
        ({"networks": ["40.107.1.0/24"]}, ['Microsoft 365\'s, shared by all its customers: write kind = "microsoft365"']),
        ({"networks": ["209.85.161.45"]}, ['kind = "google"']),
        ({"networks": ["2a01:111:f403:2011::730"]}, ["Microsoft 365"]),
        ({"networks": ["149.72.1.1"]}, ["SendGrid's, shared by all its customers, and its mail does not say whose it is"]),
        ({"networks": ["40.107.0.0/16"], "login": "x", "password_file": "f"}, []),
        ({"certificate_names": ["relay.example.jp", "*.example.jp"]}, []),
        ({"certificate_names": ["mail.protection.outlook.com"]}, ["Microsoft 365"]),
        ({"certificate_names": ["*.com"]}, ["Microsoft 365"]),
        ({"certificate_names": ["*.jp"]}, ["everybody below"]),
        ({"certificate_names": ["smtp.gmail.com"]}, ["Google Workspace"]),
        (M365, []),
    ],
)  # fmt: skip
def test_what_lets_in_more_than_one_house_is_told(said: dict[str, Any], told: list[str]) -> None:
    found = [sentence for _, sentence in too_open(UpstreamSection(**said))]
    assert len(found) == len(told), found
    assert all(text in sentence for text, sentence in zip(told, found, strict=True)), found


def test_a_provider_is_known_by_its_published_networks() -> None:
    assert "40.107.0.0/16" in UpstreamSection(**M365).known_networks
    assert UpstreamSection(**M365, networks=["40.107.1.1"]).known_networks == ("40.107.1.1",)
    assert {p.kind for p in PROVIDERS.values()} == {"", "microsoft365", "google"}


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("a.example", "a.example", True),
        ("*.a.example", "b.a.example", True),
        ("*.a.example", "a.example", False),
        ("*.a.example", "b.xa.example", False),
        ("a.example", "b.a.example", False),
    ],
)
def test_covers(pattern: str, name: str, covered: bool) -> None:
    assert covers(pattern, name) is covered


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"role": "relay"}, "go together"),
        ({"role": "inbound", "upstream": {"networks": ["10.0.0.1"]}}, "go together"),
        ({"role": "relay", "upstream": {"networks": ["10.0.0.1"]}, "tls": "none"}, ""),
        ({"role": "relay", "upstream": M365, "tls": "none"}, "need TLS"),
        ({"role": "relay", "upstream": {"login": "x", "password_file": "f"}, "tls": "none"}, "need TLS"),
        ({"role": "relay", "upstream": {"certificate_names": ["a.example"]}}, "need client_certificates"),
    ],
)
def test_a_relay_listener_and_its_upstream(said: dict[str, Any], refused: str) -> None:
    if not refused:
        ListenerSection(name="r", port=0, **said)
        return
    with pytest.raises(ValidationError, match=refused):
        ListenerSection(name="r", port=0, **said)
