"""The measure itself: it must see what it is there to see."""

import ast
from pathlib import Path

import pytest

from tests.house import rooms, types, ways


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small house of its own in place of ours; files are written with `build`."""
    monkeypatch.setattr(rooms, "ROOT", tmp_path)
    caches = (rooms.tree, rooms.modules, rooms.arrows, types.read, types.find)
    for cached in caches:
        cached.cache_clear()
    yield tmp_path
    for cached in caches:
        cached.cache_clear()


def build(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_circle_counts_where_only_types_are_checked(house: Path) -> None:
    build(
        house,
        mail__one="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from mail.two import Two\n",
        mail__two="from mail.three import x\n",
        mail__three="def late():\n    from mail import one\n",
        mail__four="from mail import one\n",
    )
    assert rooms.circles() == [("mail.one", "mail.three", "mail.two")]


def test_arrows_that_point_up_or_into_another_room_are_seen(house: Path) -> None:
    build(
        house,
        mail__one="from gateway.listen import server\n",
        gateway__listen__server="from gateway.deliver.courier import x\nimport console.app\nimport gateway.clock\n",
        gateway__deliver__courier="",
        gateway__clock="from gateway.listen import server\n",
        console__app="",
    )
    assert [a.source for a in rooms.upward()] == ["mail.one"]
    assert {a.target for a in rooms.between_rooms()} == {"gateway.deliver.courier", "console.app"}


def test_a_way_follows_the_value_through_types_and_back(house: Path) -> None:
    build(
        house,
        mail__noun="class Noun:\n    def __init__(self, raw: bytes) -> None:\n        self.raw = raw\n",
        storage__keep="class Keep:\n    def put(self, noun) -> None:\n        write(noun)\n\ndef write(x): ...\n",
        gateway__flow=(
            "from mail.noun import Noun\nfrom storage.keep import Keep\n"
            "class Flow:\n"
            "    def __init__(self, keep: Keep) -> None:\n        self._keep = keep\n"
            "    def take(self, raw: bytes, other: int) -> None:\n"
            "        noun = Noun(raw[1:])\n"
            "        self._keep.put(noun)\n"
            "        self._keep.put(other)\n"
        ),
    )
    way = ways.Way("raw", ("gateway.flow:Flow.take:raw",), frozenset({"Noun"}), (9, 9, 9, 9))
    route = ways.follow(way)
    assert route.files == ["gateway.flow", "mail.noun", "gateway.flow", "storage.keep", "gateway.flow"]
    assert not route.climbs


@pytest.mark.parametrize(
    ("contract", "base", "climbs"),
    [
        ("gateway.listen.session", "Protocol", False),
        (
            "gateway.listen.session",
            "",
            True,
        ),  # a base class says how it is done above, not only what is needed
        ("mail.session", "Protocol", True),
        ("gateway.deliver.session", "Protocol", True),
    ],
)
def test_a_call_up_climbs_but_through_a_protocol_of_the_callers_own_room(
    house: Path, monkeypatch: pytest.MonkeyPatch, contract: str, base: str, climbs: bool
) -> None:
    monkeypatch.setattr(types, "STANDS_FOR", {f"{contract}.Session": "gateway.flow.Flow"})
    build(
        house,
        **{
            contract.replace(".", "__"): f"class Session({base}):\n    def take(self, raw): ...\n",
            "gateway__listen__server": (
                f"from {contract} import Session\n"
                "def serve(session: Session, raw: bytes) -> None:\n    session.take(raw)\n"
            ),
            "gateway__flow": "class Flow:\n    def take(self, raw): ...\n",
        },
    )
    way = ways.Way("raw", ("gateway.listen.server:serve:raw",), frozenset(), (9, 9, 9, 9))
    route, call = ways.follow(way), ("gateway.listen.server", "gateway.flow")
    assert (route.climbs, route.by_contract) == (([call], []) if climbs else ([], [call]))


def test_what_is_of_another_class_is_not_followed(house: Path) -> None:
    build(
        house,
        mail__noun="class Noun: ...\nclass No: ...\n",
        mail__say="def say(x): ...\n",
        mail__keep="def keep(x): ...\n",
        gateway__flow=(
            "from mail.keep import keep\nfrom mail.noun import No, Noun\nfrom mail.say import say\n"
            "def take(read: Noun | No) -> None:\n"
            "    if isinstance(read, No):\n        return say(read)\n"
            "    keep(read)\n"
        ),
    )
    way = ways.Way("read", ("gateway.flow:take:read",), frozenset({"Noun"}), (9, 9, 9, 9))
    assert ways.follow(way).files == ["gateway.flow", "mail.keep", "gateway.flow"]


def test_elements_of_tuples_and_lists_are_known() -> None:
    def kind(text: str) -> str:
        one = types.element(ast.parse(text, mode="eval").body)
        return ast.unparse(one) if one is not None else ""

    assert kind("tuple[Part, ...]") == kind("list[Part]") == kind("Iterator[Part]") == "Part"
    assert kind("int") == ""
