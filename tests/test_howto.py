"""docs/howto: what each how-to prints is done as it stands there, on the first site of the README, and answers what it says.

A block of a file stands behind a paragraph that names it and ends with a colon; it is laid over the site's file of that name, or is the file; in
a block of a terminal, lines that begin with "$ " are run, the others are expected: "…" stands for anything.
"""

import re
import shlex
from pathlib import Path

import anyio
import pytest

from directory.people import People
from gateway.command.cli import main
from storage.database import open_database
from tests.test_readme import ROOT, files

FOLDER = ROOT / "docs/howto"
GUIDES = {
    path.stem: path.read_text("utf-8")
    for path in sorted(FOLDER.glob("*.md"))
    if "```console" in path.read_text("utf-8")
}
_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w./-]+\.(?:toml|eml|csv|txt))`")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The README's three files in an empty folder, with the database that a first start makes."""
    for name, text in files().items():
        text = text.replace('presets = ["observe"] ', "presets = []").replace('"/var/lib/sekisho"', '"state"')
        (tmp_path / name).write_text(
            re.sub(r"^port = (25|465|587|2525|2587)\b.*", "port = 0", text, flags=re.MULTILINE), "utf-8"
        )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEKISHO_CONFIG", str(tmp_path / "sekisho.toml"))
    monkeypatch.setenv("COLUMNS", "100")
    anyio.run(_started, tmp_path)
    return tmp_path


async def _started(site: Path) -> None:
    (site / "state").mkdir(exist_ok=True)
    database = open_database(f"sqlite:///{site / 'state/sekisho.db'}")
    people = People(database)
    await people.read_file(site / "people.toml", 0.0)
    people.close()
    await database.close()


def test_each_story_has_a_guide_and_the_readme_names_them_all() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for path in FOLDER.glob("*.md"):
        assert f"(docs/howto/{path.name})" in readme, path.name
        lines = path.read_text("utf-8").splitlines()
        assert 20 <= len(lines) <= 85, f"{path.name}: {len(lines)} lines"


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_does_what_it_says(guide: str, site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, ran = GUIDES[guide], 0
    blocks = list(_BLOCK.finditer(text))
    assert text.count("```") == 2 * len(blocks), "a block that the test does not see"
    for block in blocks:
        if block["kind"] == "console":
            ran += told(block["text"], site, capsys)
        else:
            before = text[: block.start()].rstrip()
            names = _FILE.findall(before.rpartition("\n\n")[2])
            assert names, f"a block without the name of its file: {block[0]}"
            assert before.endswith(":"), before[-80:]
            written(site / names[-1], block["text"])
            if names[-1] == "people.toml":
                anyio.run(_started, site)  # as a reload does
    assert ran, "nothing is run"


def written(path: Path, text: str) -> None:
    """A file of its own, or what is laid over one of the site's three. A second block for a file takes the place of the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    base = files().get(path.name, "") if path.name != "sekisho.toml" else ""
    if path.name == "sekisho.toml" and text.startswith("["):
        first = path.with_suffix(".first")
        if not first.exists():
            first.write_text(path.read_text("utf-8"), "utf-8")
        path.write_text(first.read_text("utf-8") + text, "utf-8")
    elif path.name == "sekisho.toml":
        path.write_text(
            text + path.read_text("utf-8"), "utf-8"
        )  # keys without a table stand above all tables
    elif path.suffix == ".eml":
        path.write_text(text, "utf-8", newline="\r\n")
    else:
        path.write_text(base + text, "utf-8")


def told(block: str, site: Path, capsys: pytest.CaptureFixture[str]) -> int:
    """Run the commands of a terminal, and compare; how many there were."""
    for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
        capsys.readouterr()
        words, _, file = command.replace("\\\n", "").partition(" > ")
        program, *arguments = shlex.split(words, comments=True)
        if program == "cat":
            out = (site / arguments[0]).read_text("utf-8")
        else:
            assert program == "sekisho", command
            try:
                main(arguments)
            except SystemExit as stopped:
                pytest.fail(f"{command}: ended with {stopped.code}: {capsys.readouterr().err}")
            captured = capsys.readouterr()
            out = captured.out + captured.err
        if file:
            (site / file.strip()).write_text(out, "utf-8")
            out = ""
        pattern = "".join(
            re.escape(part) if part != "…" else ".*?" for part in re.split("(…)", expected.strip())
        )
        shown = out.replace(f"{site}/", "").strip()
        assert re.fullmatch(pattern, shown, re.DOTALL), f"$ {command}\n{shown}"
    return block.count("\n$ ") + block.startswith("$ ")
