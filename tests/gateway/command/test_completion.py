"""What the shells complete is what the parser knows; bash is asked for real."""

import subprocess

import pytest

from gateway.command.cli import _parser, main
from gateway.command.completion import script, verbs


def completed(line: str) -> set[str]:
    """What bash offers behind this beginning of a line."""
    words = line.split(" ")
    asked = (
        script("bash", _parser())
        + f"COMP_WORDS=({' '.join(repr(w) for w in words)}); COMP_CWORD={len(words) - 1}; _sekisho; "
        + 'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    answer = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stderr == ""
    return set(answer.stdout.split())


def test_every_verb_and_option_is_offered() -> None:
    found = {each.path: each for each in verbs(_parser())}
    assert {"queue", "policy", "policy replay", "doctor", "init"} <= found.keys()
    assert {"--state", "--json", "held", "queued"} <= set(found["queue"].words)
    assert found["explain"].files
    assert not found["hold"].files or "--config" in found["hold"].words


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("sekisho que", {"queue"}),
        ("sekisho queue --st", {"--state"}),
        ("sekisho policy re", {"replay"}),
        ("sekisho policy --config x.toml re", {"replay"}),
        ("sekisho completion ", {"bash", "zsh", "-h", "--help"}),
        ("sekisho --ver", {"--version"}),
    ],
)
def test_bash_completes(line: str, offered: set[str]) -> None:
    assert offered <= completed(line)


def test_both_scripts_name_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    for shell in ("bash", "zsh"):
        assert main(["completion", shell]) == 0
        told = capsys.readouterr().out
        assert all(f"'{each.path}')" in told for each in verbs(_parser()))


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith("sekisho ")
