"""What the shells complete is what the parser knows; bash and zsh are asked for real."""

import contextlib
import os
import pty
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gateway.command.cli import _parser, main
from gateway.command.completion import script, verbs
from tests.services.programs import required


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


@pytest.mark.parametrize("how", ["installed", "sourced"])
def test_zsh_completes_at_a_terminal(how: str, tmp_path: Path) -> None:
    """Keys are pressed: each line is what stands there after TAB."""
    required("zsh")
    (tmp_path / "_sekisho").write_text(script("zsh", _parser()), "utf-8")
    begin = [f"fpath=({tmp_path} $fpath)"] if how == "installed" else []
    begin += ["autoload -U compinit; compinit -u -D"]
    begin += [] if how == "installed" else [f"source {tmp_path}/_sekisho"]
    (tmp_path / "a-file.eml").touch()
    typed = {
        "sekisho que": "queue",
        "sekisho queue --st": "--state",
        "sekisho policy repl": "replay",
        "sekisho policy --config x.toml repl": "replay",
        "sekisho completion z": "zsh",
        f"sekisho explain {tmp_path}/a-f": "a-file.eml",
    }
    with zsh(tmp_path) as press:
        press("PS1=; PS2=; unsetopt zle_bracketed_paste; " + "; ".join(begin) + "; print re''ady\n", "ready")
        for line, word in typed.items():
            press(f"{line}\t", word)
            press("\x15", "")  # ^U: another line


@contextlib.contextmanager
def zsh(home: Path) -> Iterator[Callable[[str, str], None]]:
    """A terminal with zsh; presses keys and waits for what shall appear."""
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        ["zsh", "-f", "-i"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=home, start_new_session=True,
        env={"PATH": os.environ["PATH"], "TERM": "dumb", "HOME": str(home), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    os.close(theirs)
    os.set_blocking(ours, False)

    def press(keys: str, expected: str) -> None:
        os.write(ours, keys.encode())
        shown, end = "", time.monotonic() + 30
        while expected and not re.search(rf"{re.escape(expected)}(?![a-z])", shown):
            assert time.monotonic() < end, shown
            with contextlib.suppress(BlockingIOError):
                shown += os.read(ours, 65536).decode("utf-8", "replace")
            time.sleep(0.01)

    try:
        yield press
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


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
