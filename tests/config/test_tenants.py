"""What a tenant has of its own, and what it has of the house."""

from pathlib import Path
from typing import Any

import pytest

from config.policy import ConfigError
from config.settings_file import load_settings, load_settings_of

HOP = {"host": "mail.us.example"}
OWN = {"policy": "acme.toml", "relay": {"host": "smart.acme.example"}, "sender": "dlp@acme.example"}


def settings(**own: Any) -> Any:
    values: dict[str, Any] = {
        "relay": HOP, "mailbox": HOP, "routes": {"x.example": HOP}, "report_address": "report@us.example",
        "notices": {"sender": "dlp@us.example", "postmaster": "pm@us.example"}, "tenants": {"acme": {**OWN, **own}},
    }  # fmt: skip
    return load_settings(None, **values)


def test_the_houses_stand_for_what_it_does_not_say_but_never_for_an_address() -> None:
    house = settings()
    acme = house.of("acme")
    assert (acme.relay.host, acme.mailbox.host) == ("smart.acme.example", "mail.us.example")
    assert (acme.routes, acme.report_address, acme.notices.postmaster) == ({}, "", "")
    assert acme.notices.sender == "dlp@acme.example"
    assert acme.hostname == house.hostname
    assert house.of("default") is house
    assert house.of("nobody") is house
    assert house.report_addresses == {"default": "report@us.example", "acme": ""}


@pytest.mark.parametrize("name", ["Acme", "a/b", "", "default", "*"])
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(ConfigError):
        load_settings(None, tenants={name: OWN})


def test_a_command_asks_for_a_tenant_that_there_is(tmp_path: Path) -> None:
    file = tmp_path / "sekisho.toml"
    file.write_text('[tenants.acme]\npolicy = "acme.toml"\n')
    assert load_settings_of(file, "acme").policy == tmp_path / "acme.toml"
    with pytest.raises(ConfigError, match=r"no table \[tenants.amce\]"):
        load_settings_of(file, "amce")
