"""Lists in the console: nothing is hidden by what is not shown (T18), and every page leads to the next."""

import re

import msgspec
import pytest

from config.consequence import UNTIL_RELEASED
from console.paging import place_of
from filters.examined import Summary
from quarantine.events import JournalEvent
from quarantine.item import Entry
from quarantine.store import Place
from tests.console.premises import Premises, Visitor, item, mail

FOREIGN = 5_000
OLD = 100_000.0


async def strangers(place: Premises) -> None:
    """Thousands of mails that are not for the people who look: newer and older than what they look for."""
    raw = mail("別件", "本文")
    made = [
        item(
            f"foreign{n:05d}", raw, f"stranger{n}@elsewhere.example", owner="unyo",
            summary=Summary(subject=f"別件 {n}", author="unyo@example.co.jp", message_id=f"<f{n}@x>"),
            approvals=("operator",), holds=(), delay=UNTIL_RELEASED,
        )[0]
        for n in range(FOREIGN)
    ]  # fmt: skip

    for start in range(0, FOREIGN, 500):
        some = [
            msgspec.structs.replace(i, accepted_at=place.now[0] + (1 if n % 2 else -2 * OLD))
            for n, i in enumerate(made[start : start + 500])
        ]
        await place.store.put(some, place.now[0], "unyo")
    entries = [
        Entry(place.now[0] + n / 1000, JournalEvent.REFUSE, "x", detail={"to": ["a@b.example"], "subject": f"拒否 {n}", "from": "x@y"})
        for n in range(FOREIGN)
    ]  # fmt: skip
    for start in range(0, FOREIGN, 500):
        await place.store.record(*entries[start : start + 500])


async def followed(visitor: Visitor, path: str, wanted: str) -> int:
    """How many pages one turns until something is there, in the last of a page's lists; fails at its end."""
    for number in range(1, 200):
        page = (await visitor.get(path)).text
        if wanted in page:
            return number
        found = re.findall(r'<a[^>]*rel="next"[^>]*href="([^"]*)"', page)
        assert found, f"{wanted} is on no page"
        path = found[-1].replace("&amp;", "&")
    raise AssertionError("a list without an end")


async def test_thousands_of_foreign_mails_hide_nothing(full: Premises) -> None:
    raw = mail("古い稟議", "本文")
    await full.keep(item("oldone", raw, approvals=("department_head",), holds=(),
                         summary=Summary(subject="古い稟議", author="hanako@example.co.jp")), full.now[0] - OLD)  # fmt: skip
    await full.keep(
        item("oldheld", raw, holds=("virus",), summary=Summary(subject="古い検疫")), full.now[0] - OLD
    )
    passed = {
        "direction": "inbound",
        "to": ["taro@example.co.jp"],
        "subject": "古い通過",
        "from": "p@q.example",
    }
    for event, detail in ((JournalEvent.HAND_OVER, passed), (JournalEvent.PASS, {"replies": ["250 ok"]})):
        await full.store.record(Entry(full.now[0] - OLD, event, "n1", "", "oldpass", "default", detail))
    taro, kanri = await full.visitor("taro"), await full.visitor("kanri")
    before = {login: (await v.get("/")).text for login, v in (("taro", taro), ("kanri", kanri))}
    await strangers(full)
    assert await followed(taro, "/approvals", "古い稟議") == 1
    for login, visitor in (("taro", taro), ("kanri", kanri)):
        tiles = re.findall(r'class="number">(\d+)<', before[login])
        assert re.findall(r'class="number">(\d+)<', (await visitor.get("/")).text) == tiles
    assert await followed(kanri, "/quarantine", "古い検疫") == 1
    assert await followed(kanri, "/trace?text=古い稟議", "/trace/oldone") == 1
    assert await followed(kanri, "/trace?text=古い通過", "/trace/oldpass") == 1
    assert await followed(kanri, "/quarantine?state=held", "別件 1<") > 1
    assert await followed(kanri, "/trace", "拒否 4100<") > 1


async def test_a_list_goes_on_behind_the_page(full: Premises) -> None:
    raw = mail("x", "y")
    for n in range(150):
        await full.keep(
            item(f"mine{n:03d}", raw, owner="hanako", summary=Summary(subject=f"件名{n:03d}")),
            full.now[0] - n,
        )
    hanako = await full.visitor("hanako")
    assert await followed(hanako, "/mail", "件名149") == 2


async def test_who_has_no_mailbox_sees_nobodys_mail(full: Premises) -> None:
    """No address is no restriction for the query: the page must not ask it."""

    account = await full.parts.people.account("default", "unyo")
    assert account is not None
    await full.parts.people.save(msgspec.structs.replace(account, addresses=()), full.now[0])
    page = (await (await full.visitor("unyo")).get("/waiting")).text
    assert 'class="card"' not in page


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("5.5~abc1", Place(5.5, "abc1")),
        ("", None),
        ("x~a", None),
        ("1~", None),
        ("nan~a", None),
        ("inf~a", None),
        ("1~a'b", None),
    ],
)
def test_a_place_is_read_from_an_address_or_the_list_begins_at_its_beginning(
    text: str, place: Place | None
) -> None:
    assert place_of(text) == place
