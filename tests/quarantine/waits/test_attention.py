"""What an approver has to read, and whether they can have read it."""

from pathlib import Path

import msgspec
import pytest

from config.policy import Class, Organisation
from filters.finding import Evidence, Finding
from quarantine.item import Item, Status
from quarantine.waits.attention import (
    LEAST,
    MOST,
    Unread,
    attentive,
    forget,
    guarded,
    needed,
    note,
    page_key,
    reasons,
    seen,
)
from storage.database import open_database
from storage.interfaces import Database
from tests.quarantine.items import item
from tests.services import databases

SECRET = Finding("class_approval", "OUT-APPROVE", (Evidence("社外秘", "1"),), values={"class": "社外秘"})
BARE = Finding("external_recipient", "OUT-DELAY", values={"count": "2"})
ORGANISATION = Organisation(
    classes=(Class("公開", 0, ()), Class("社外秘", 2, ("社外秘",))), attention_level=2
)  # fmt: skip


def mail(*findings: Finding) -> Item:
    return item(findings=findings, approvals=("president",))


@pytest.fixture
async def database(tmp_path: Path) -> object:
    opened = open_database(databases.sqlite(tmp_path / "db"))
    yield opened
    await opened.close()


def test_what_has_something_to_read_comes_first_and_is_closed() -> None:
    one = mail(BARE, SECRET)
    first, second = reasons(one)
    assert (first.finding, first.opened, second.finding, second.opened) == (SECRET, False, BARE, True)
    assert [r.opened for r in reasons(one, [first.key])] == [True, True]
    fewer = msgspec.structs.replace(
        one, recipients=tuple(msgspec.structs.replace(r, status=Status.WITHDRAWN) for r in one.recipients[:1])
    )
    assert reasons(fewer, [first.key])[0].opened is False, "it is another mail now"
    assert sum(bool(r.key) for r in reasons(mail(*[SECRET] * 50))) == MOST


def test_from_which_class_on() -> None:
    assert guarded(mail(SECRET), ORGANISATION)
    assert not guarded(mail(BARE), ORGANISATION)
    assert not guarded(mail(SECRET), msgspec.structs.replace(ORGANISATION, attention_level=3))
    assert not guarded(mail(SECRET), msgspec.structs.replace(ORGANISATION, attention_level=None))


def test_longer_reasons_take_longer() -> None:
    long = Finding("x", "", (Evidence("あ" * 1000, "1"),))
    assert LEAST <= needed(mail(BARE)) < needed(mail(long))


async def test_reasons_are_facts_of_ours(database: Database) -> None:
    one = mail(SECRET, BARE)
    (key,) = [r.key for r in reasons(one) if r.key]

    async def agree(person: str, now: float = 100.0, guard: bool = True) -> dict[str, object]:
        return await database.read(lambda t: attentive(t, one, person, guarded=guard, now=now))

    async def opened(at: float, person: str = "cid", of: Item = one) -> None:
        await database.write(lambda t: note(t, of, person, [page_key(of)], at))

    with pytest.raises(Unread):
        await agree("ann")
    assert (await agree("ann", guard=False))["blind"] is True, "nobody knows when the page was shown"
    await opened(60.0)
    await opened(99.0)  # when it was shown first counts
    assert (await agree("cid", guard=False)) == {"seconds": 40.0, "blind": False}
    assert (await agree("cid", now=50.0, guard=False))["seconds"] == 0.0, "a page of the future"
    other = msgspec.structs.replace(one, sha256="f" * 64)
    await opened(10.0, "dan", other)
    assert (await agree("dan", guard=False))["blind"] is True, "what was shown was another content"
    await database.write(lambda t: note(t, one, "ann", [key], 90.0))
    await database.write(lambda t: note(t, one, "ann", [key], 95.0))
    assert await database.read(lambda t: seen(t, one, "ann")) == {key: 90.0}
    assert (await agree("ann")) == {"seconds": 10.0, "blind": False}
    assert (await agree("ann", now=91.0))["blind"] is True
    with pytest.raises(Unread):
        await agree("bob")
    await database.write(lambda t: forget(t, one))
    assert await database.read(lambda t: seen(t, one, "ann")) == {}
