"""A next hop's section."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from config.next_hop import NextHopSection


def test_its_password_stands_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "p").write_text(" secret\n")
    assert NextHopSection(host="mx", password_file=tmp_path / "p").password() == "secret"
    assert NextHopSection(host="mx").password() == ""
    with pytest.raises(ValidationError):
        NextHopSection(host="mx", tls="maybe")  # type: ignore[arg-type]
