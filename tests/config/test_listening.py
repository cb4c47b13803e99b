"""Listeners and next hops: what contradicts itself."""

import pytest
from pydantic import ValidationError

from config.listening import ListenerSection, reached_at


def test_line_ends_of_strangers_are_not_mended() -> None:
    assert ListenerSection(name="s", role="submission", port=0, bare_lf="normalise").bare_lf == "normalise"
    with pytest.raises(ValidationError, match="strangers"):
        ListenerSection(name="i", role="inbound", port=0, bare_lf="normalise")


def test_what_listens_everywhere_is_reached_at_home() -> None:
    hosts = ("0.0.0.0", "::", "[::]", "", "*", "192.0.2.1", "mx.example.jp")
    assert [reached_at(host) for host in hosts] == [
        "127.0.0.1", "::1", "::1", "127.0.0.1", "localhost", "192.0.2.1", "mx.example.jp",
    ]  # fmt: skip
