"""What the console is given: one service, and plain settings."""

import ast
from dataclasses import fields
from pathlib import Path

import console
from config.tenant import DEFAULT
from console.context import Context
from tests.console.premises import Premises

HOLDERS = {
    "Blobs", "Caller", "Closing", "Database", "Desk", "Listings", "Logins", "Office", "Parts", "People", "Reports",
    "Requests", "Seal", "Sessions", "Sightings", "Store", "Vault", "account_in", "journal", "open_database",
}  # fmt: skip
"""What has, or makes, a way to the database, to contents or to keys."""


def test_https_makes_it_secure(place: Premises) -> None:
    for url, secure in (("https://a.example", True), ("http://a.example", False), ("", False)):
        place.context.base_url = url
        assert place.context.secure("a.example") is secure
    place.context.doors = {"acme.example": True, "zen.example": False}
    found = [place.context.secure(host) for host in ("acme.example", "zen.example", "a.example")]
    assert found == [True, False, False]


def test_a_tenant_is_shown_its_own_address_for_reports(place: Premises) -> None:
    place.context.reports = {DEFAULT: "report@example.co.jp", "acme": "report@acme.example", "zen": ""}
    told = {tenant: place.context.report_address(tenant) for tenant in ("default", "acme", "zen", "branch")}
    assert told == {
        "default": "report@example.co.jp",
        "acme": "report@acme.example",
        "zen": "",  # has a table, and no such address
        "branch": "report@example.co.jp",  # has no table: the house's settings are its own
    }


def test_pages_hold_the_service_and_plain_settings() -> None:
    plain = {str, int, float}
    assert [f.name for f in fields(Context) if f.type not in plain] == [
        "services",
        "reports",
        "clock",
        "zones",
        "doors",
    ]


def test_nothing_of_the_console_knows_a_way_around_the_service() -> None:
    imported = {
        (path.name, alias.name)
        for path in Path(console.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not [name for name in imported if name[1].rpartition(".")[2] in HOLDERS]
    assert ("visit.py", "Service") in imported
