"""Listeners and next hops: what contradicts itself."""

import pytest
from pydantic import ValidationError

from config.listening import ListenerSection


def test_line_ends_of_strangers_are_not_mended() -> None:
    assert ListenerSection(name="s", role="submission", port=0, bare_lf="normalise").bare_lf == "normalise"
    with pytest.raises(ValidationError, match="strangers"):
        ListenerSection(name="i", role="inbound", port=0, bare_lf="normalise")
