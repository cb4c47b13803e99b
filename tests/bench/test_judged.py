"""What `./dev bench judged` tells of a half that decides."""

import pytest

from bench.judged import main


@pytest.mark.parametrize("half", ["deciding", "fourth-deciding", "sixth-deciding"])
def test_what_was_found_in_a_deciding_half_is_not_shown(
    half: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever writes rules may see counts only."""
    with pytest.raises(SystemExit):
        main(["attacks", "--half", half, "--show"])
    said = capsys.readouterr()
    assert "only counts" in said.err
    assert not said.out
