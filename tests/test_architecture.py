"""docs/architecture.md tells the truth: which folder opens what, and which rooms there are."""

import re

import pytest

from gateway.locked.probes import PROBES
from tests.house import rooms
from tests.house.opened import KINDS, opened

DOCUMENT = (rooms.ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def table(heading: str) -> dict[str, list[str]]:
    """The rows of the last table of a section, by their first cell."""
    section = DOCUMENT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in rows[1:]}


def test_every_folder_has_its_row_and_no_other_has_one() -> None:
    assert set(table("What each folder opens")) == set(rooms.rooms())


@pytest.mark.parametrize("folder", rooms.rooms())
def test_a_folder_opens_what_its_row_says(folder: str) -> None:
    row = dict(zip(KINDS, table("What each folder opens")[folder], strict=True))
    found = opened()[folder]
    forbidden = {kind: found[kind] for kind in found if row[kind] == "–"}
    assert not forbidden, "say it in docs/architecture.md, or let another room do it"
    assert not [kind for kind in KINDS if row[kind] != "–" and kind not in found], (
        "nobody opens that any more"
    )


def test_what_may_open_nothing_says_so_at_its_door() -> None:
    """The docstring of a folder and its row say the same."""
    for folder, cells in table("What each folder opens").items():
        plate = rooms.doorplate(folder).partition("May open: ")[2]
        if re.match(r"nothing[;.]", plate):
            assert set(cells) == {"–"}, folder


def test_a_worker_tries_to_open_each_thing_that_its_row_forbids() -> None:
    """The walls are tried at every start, in gateway/locked/probes.py; here only that nothing was left out."""
    network, files, database, processes = table("Which process may open what")["examining worker"]
    assert "nothing else" in network
    assert (database, processes) == ("–", "–")
    assert files.startswith("–")
    tried = " ".join(PROBES)
    assert all(
        word in tried for word in ("tcp", "udp", "unix", "fork", "execute", "create_file", "signal")
    ), tried


def test_every_room_of_the_house_is_drawn() -> None:
    drawn = DOCUMENT.split("## Now", 1)[1].split("## What flows", 1)[0]
    missing = [f for f in rooms.rooms() if not re.search(rf"\b{f.rpartition('/')[2]}\b", drawn)]
    assert not missing
