"""The house's memory of mail that left."""

from typing import Any

import msgspec
import pytest

from config.policy import Organisation
from directory.counts import PENDING, THREAD, thread_name
from directory.past_mail import AGE, AGES, OF_ONE, SOON, PastMail
from filters.examined import Copy, Examined, Lesson, Summary
from filters.facts import Acquaintances, Facts
from filters.verdict import Verdict
from storage.interfaces import Database, StoreError
from tests.filters.mails import facts
from tests.services.databases import ByHand

OURS = Organisation(domains=("us.example",))
MORI, ONO = "mori@alpha-denki.example", "ono@beta-shokai.example"
DAY = 86_400.0
_ALL = "SELECT kind, name FROM remembered"


@pytest.fixture
def now() -> list[float]:
    return [1_790_000_000.0]


@pytest.fixture
def memory(database: Database, now: list[float]) -> PastMail:
    return PastMail(database, lambda: now[0])


def mail(
    number: int, *to: str, login: str = "sato", tenant: str = "default", **more: Any
) -> tuple[Facts, Examined]:
    """A mail of ours that greets 森, or whom `names` says."""
    told = facts(*to, mail_id=f"m{number}", day="2026-11-29", now=more.pop("now", 1_790_000_000.0))
    origin = msgspec.structs.replace(told.origin, login=login, tenant=tenant)
    names = more.pop("names", {MORI: ("森",)})
    lesson = Lesson(names, more.pop("company", ""), to)
    return msgspec.structs.replace(told, origin=origin), Examined(
        summary=Summary(message_id=f"<{number}@us.example>"), lesson=lesson
    )


def sent(memory: PastMail, number: int, *to: str, **more: Any) -> None:
    told, examined = mail(number, *to, **more)
    memory.accepted(told, examined, OURS)
    memory.left(told.origin.tenant, told.mail_id, to)


async def about(
    memory: PastMail, *to: str, login: str = "sato", tenant: str = "default", answers: str = ""
) -> Acquaintances:
    found = await memory.about(tenant, login, to, [answers], OURS)
    assert found is not None
    return found


async def test_nothing_is_learnt_before_a_mail_left(memory: PastMail) -> None:
    told, examined = mail(1, MORI)
    memory.accepted(told, examined, OURS)
    await memory.flush()
    assert not (await about(memory, MORI)).addresses
    memory.left("default", "m1", [MORI])
    for _ in ("noted", "written"):
        known = await about(memory, MORI)
        assert known.of(MORI).mine == pytest.approx(1.0)
        assert known.of(MORI).names == ("森",)
        assert known.at("alpha-denki.example").ours == pytest.approx(1.0)
        await memory.flush()


async def test_what_was_taken_back_is_never_learnt(memory: PastMail) -> None:
    told, examined = mail(1, MORI, ONO)
    memory.accepted(told, examined, OURS)
    memory.left("default", "m1", [MORI])
    await memory.flush()
    known = await about(memory, MORI, ONO)
    assert known.of(MORI).ours
    assert not known.of(ONO).ours


async def test_a_mail_that_leaves_late_is_learnt_late(
    memory: PastMail, database: Database, now: list[float]
) -> None:
    told, examined = mail(1, MORI, ONO, now=now[0])
    memory.accepted(told, examined, OURS)
    now[0] += SOON + 1
    await memory.flush()
    rows = await database.read(lambda t: ByHand(t).execute(_ALL))
    assert [(r["kind"], r["name"]) for r in rows] == [(PENDING, "m1")]
    other = PastMail(database, lambda: now[0])  # after a restart, or in another process
    other.left("default", "m1", [MORI])
    await other.flush()
    known = await about(other, MORI, ONO)
    assert (known.of(MORI).ours, known.of(ONO).ours) == (pytest.approx(1.0), 0.0)
    other.left("default", "m1", [ONO])
    await other.flush()
    assert not [r for r in await database.read(lambda t: ByHand(t).execute(_ALL)) if r["kind"] == PENDING]


async def test_who_writes_how_often_and_how_many_of_us(memory: PastMail, now: list[float]) -> None:
    for number in range(3):
        sent(memory, number, MORI)
    sent(memory, 9, MORI, login="hanako")
    await memory.flush()
    known = (await about(memory, MORI)).of(MORI)
    assert (known.mine, known.ours, known.writers) == (pytest.approx(3.0), pytest.approx(4.0), 2)
    now[0] += 240 * DAY
    assert (await about(memory, MORI)).of(MORI).mine == pytest.approx(0.75, abs=0.01)


async def test_partners_that_stood_together(memory: PastMail) -> None:
    sent(memory, 1, MORI, ONO)
    await memory.flush()
    known = await about(memory, MORI, ONO)
    assert known.at("alpha-denki.example").beside == {"beta-shokai.example"}
    assert known.at("beta-shokai.example").beside == {"alpha-denki.example"}


async def test_the_domain_and_the_mailbox_that_were_meant(memory: PastMail) -> None:
    sent(memory, 1, MORI)
    await memory.flush()
    known = await about(memory, "mori@alpha-denkl.example")
    assert known.alike == {"alpha-denkl.example": ("alpha-denki.example",)}
    assert known.of(MORI).ours
    assert known.at("alpha-denki.example").ours


async def test_people_of_one_name(memory: PastMail) -> None:
    other = "mori@beta-shokai.example"
    sent(memory, 1, MORI)
    sent(memory, 2, MORI)
    sent(memory, 3, other, names={other: ("森",)})
    await memory.flush()
    known = await about(memory, other)
    assert known.namesakes == {other: (MORI,)}
    assert known.of(MORI).mine == pytest.approx(2.0)
    assert known.at("alpha-denki.example").ours


async def test_the_thread_that_a_mail_answers(memory: PastMail) -> None:
    told = facts("sato@us.example", direction="inbound")
    lesson = Lesson(visible=("sato@us.example", "all@us.example"), reply_to="mori@alpha-denkl.example")
    summary = Summary(author=MORI, message_id="<7@alpha-denki.example>")
    memory.arrived(told, Examined(summary=summary, lesson=lesson, warned=True))
    await memory.flush()
    thread = (await about(memory, answers="<7@alpha-denki.example>")).thread
    assert thread is not None
    assert thread.people == {"sato@us.example", "all@us.example", MORI}
    assert (thread.author, thread.reply_to, thread.warned) == (MORI, "mori@alpha-denkl.example", True)
    assert await memory.about("default", "sato", [], [], OURS) is None


async def test_mail_of_ours_is_known_by_its_message_id(memory: PastMail) -> None:
    sent(memory, 1, MORI)
    await memory.flush()
    found, _ = await memory.of_arriving("default", ["<1@us.example>", "<2@us.example>", "none"], (), OURS)
    assert list(found) == ["<1@us.example>"]
    assert MORI in found["<1@us.example>"].people
    assert await memory.of_arriving("other", ["<1@us.example>"], (), OURS) == ({}, {})


async def test_a_message_id_under_which_mail_came_is_nobodys(memory: PastMail) -> None:
    sent(memory, 1, MORI)
    came = facts("sato@us.example", direction="inbound")
    memory.arrived(came, Examined(summary=Summary(message_id="<1@us.example>", author=MORI)))
    assert await memory.of_arriving("default", ["<1@us.example>"], (), OURS) == ({}, {})


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("alpha-dennki.example", "alpha-denki.example"),
        ("a1pha-denki.example", "alpha-denki.example"),
        ("alpha-denki.example", ""),
        ("us.example", ""),
        ("us-partnre.example", "us-partner.example"),
        ("gmail.com", ""),
        ("elsewhere.example", ""),
    ],
)
async def test_who_writes_from_a_domain_like_one_to_which_we_write(
    memory: PastMail, domain: str, meant: str
) -> None:
    sent(memory, 1, MORI)
    await memory.flush()
    ours = Organisation(domains=("us.example",), partners={"us-partner.example": "相手"})
    _, alike = await memory.of_arriving("default", (), [domain], ours)
    assert alike.get(domain, ("",))[0] == meant


def openly(
    memory: PastMail, number: int, *to: str, message_id: str, rewrites: str = "", got: tuple[str, ...] = ()
) -> None:
    """A mail of ours that names all of them, delivered to these."""
    told, examined = mail(number, *to)
    copy = Copy(tuple(range(len(to))), Verdict(rewrites=frozenset({rewrites} - {""})))
    summary = Summary(message_id=message_id)
    memory.accepted(told, msgspec.structs.replace(examined, summary=summary, copies=(copy,)), OURS)
    memory.left("default", told.mail_id, got or to)


def came(
    memory: PastMail, author: str, *visible: str, message_id: str = "<7@x.example>", **more: bool
) -> None:
    lesson = Lesson(visible=visible, proved=more.get("proved", True))
    summary = Summary(author=author, message_id=message_id)
    told = facts("sato@us.example", direction="inbound")
    memory.arrived(told, Examined(summary=summary, lesson=lesson, warned=more.get("warned", False)))


async def test_who_stood_openly_in_a_mail_of_ours(memory: PastMail) -> None:
    openly(memory, 1, MORI, ONO, message_id="<1@us.example>")
    openly(memory, 2, MORI, ONO, message_id="<2@us.example>", rewrites="bcc")
    openly(memory, 3, MORI, ONO, message_id="<3@us.example>", got=(MORI,))
    openly(memory, 4, MORI, message_id="<4@us.example>")
    openly(memory, 5, ONO, message_id="<4@us.example>")
    for _ in ("noted", "written"):
        said = [(await about(memory, answers=f"<{n}@us.example>")).stood for n in (1, 2, 3)]
        assert said == [({MORI, ONO},), (), ({MORI},)], "hidden from each other; not delivered"
        twice = (await about(memory, answers="<4@us.example>")).stood
        assert set(twice) == {frozenset({MORI}), frozenset({ONO})}, (
            "one Message-ID makes no circle of two mails"
        )
        await memory.flush()


async def test_who_stood_in_a_mail_that_came(memory: PastMail) -> None:
    came(memory, MORI, "sato@us.example", ONO)
    came(memory, MORI, "sato@us.example", ONO)  # for a colleague
    await memory.flush()
    assert (await about(memory, answers="<7@x.example>")).stood == ({MORI, ONO, "sato@us.example"},)
    came(memory, "evil@q.example", "sato@us.example", ONO, "new@q.example")  # under the same Message-ID
    await memory.flush()
    assert (await about(memory, answers="<7@x.example>")).stood == ({ONO, "sato@us.example"},)


@pytest.mark.parametrize("more", [{"proved": False}, {"warned": True}])
async def test_who_wrote_it_must_be_proved_and_nothing_be_wrong_with_it(
    memory: PastMail, more: dict[str, bool]
) -> None:
    came(memory, MORI, ONO, **more)
    assert (await about(memory, answers="<7@x.example>")).stood == ()
    came(memory, MORI, ONO)
    await memory.flush()
    assert (await about(memory, answers="<7@x.example>")).stood == (), "nor what is like it and came too"


async def test_tenants_do_not_share_it(memory: PastMail) -> None:
    sent(memory, 1, MORI, tenant="acme")
    await memory.flush()
    assert not (await about(memory, MORI)).addresses
    assert (await about(memory, MORI, tenant="acme")).of(MORI).ours


async def test_one_sender_teaches_so_much_in_a_day(memory: PastMail) -> None:
    many = tuple(f"a{n}@p{n}.example" for n in range(OF_ONE))
    sent(memory, 1, *many[: OF_ONE - 1], names={})
    sent(memory, 2, MORI, MORI)
    assert not (await about(memory, MORI)).addresses
    sent(memory, 3, MORI, login="hanako")
    assert (await about(memory, MORI)).of(MORI).ours


async def test_a_mail_without_a_person_teaches_nothing(memory: PastMail) -> None:
    told, examined = mail(1, MORI)
    memory.accepted(msgspec.structs.replace(told, sender=None), examined, OURS)
    memory.left("default", "m1", [MORI])
    assert not (await about(memory, MORI)).addresses


async def test_what_could_not_be_written_is_noted_still(
    memory: PastMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(operation: object) -> None:
        sent(memory, 2, MORI)  # meanwhile
        raise StoreError("away")

    sent(memory, 1, MORI)
    with monkeypatch.context() as patch:
        patch.setattr(memory._database, "write", away)
        with pytest.raises(StoreError):
            await memory.flush()
    await memory.flush()
    await memory.flush()
    assert (await about(memory, MORI)).of(MORI).mine == pytest.approx(2.0)


async def test_what_is_old_is_forgotten(memory: PastMail, database: Database, now: list[float]) -> None:
    sent(memory, 1, MORI)
    await memory.flush()
    await memory.sweep(now[0] + AGES[THREAD] - 1)
    rows = await database.read(lambda t: ByHand(t).execute(_ALL))
    assert (THREAD, thread_name("<1@us.example>")) in [(r["kind"], r["name"]) for r in rows]
    await memory.sweep(now[0] + AGES[THREAD] + 1)
    rows = await database.read(lambda t: ByHand(t).execute(_ALL))
    assert rows
    assert THREAD not in [r["kind"] for r in rows]
    await memory.sweep(now[0] + AGE + 1)
    assert not await database.read(lambda t: ByHand(t).execute(_ALL))


async def test_a_tenant_has_so_many_rows(
    memory: PastMail, database: Database, now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.past_mail.MOST", 8)
    sent(memory, 1, MORI)
    await memory.flush()
    now[0] += DAY
    sent(memory, 2, ONO, names={})
    await memory.flush()
    await memory.sweep(now[0])
    names = {r["name"] for r in await database.read(lambda t: ByHand(t).execute(_ALL))}
    assert ONO in names
    assert MORI not in names


def wrote(author: str, tenant: str = "default", **habits: str) -> tuple[Facts, Examined]:
    told = facts("sato@us.example", direction="inbound")
    origin = msgspec.structs.replace(told.origin, tenant=tenant)
    return msgspec.structs.replace(told, origin=origin), Examined(
        summary=Summary(author=author), lesson=Lesson(proved=True, habits=habits)
    )


async def test_how_an_author_writes_is_counted_tenant_by_tenant_and_forgotten(
    memory: PastMail, now: list[float]
) -> None:
    for _ in range(3):
        memory.arrived(*wrote("Mori+news@alpha-denki.example", program="becky", zone="+0900"))
    memory.arrived(*wrote(MORI, program="outlook"))
    memory.arrived(*wrote(MORI, tenant="other", program="gmail"))
    await memory.flush()
    found = await memory.habits("default", MORI)
    assert found["program"] == pytest.approx({"becky": 3.0, "outlook": 1.0})
    assert found["zone"] == pytest.approx({"+0900": 3.0})
    assert await memory.habits("other", MORI) == {"program": pytest.approx({"gmail": 1.0})}
    assert await memory.habits("default", ONO) == {}
    now[0] += AGE + DAY
    await memory.sweep(now[0])
    assert await memory.habits("default", MORI) == {}


async def test_the_habits_of_an_author_are_read_with_what_is_read_anyway(
    memory: PastMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.arrived(*wrote(MORI, program="becky"))
    await memory.flush()
    await memory.of_arriving("default", ["<1@us.example>"], ["alpha-denki.example"], OURS, MORI)

    async def never(operation: object) -> None:
        raise AssertionError("another question")

    monkeypatch.setattr(memory._database, "read", never)
    assert await memory.habits("default", MORI) == {"program": pytest.approx({"becky": 1.0})}
