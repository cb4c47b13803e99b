"""Two tenants with the same people, addresses and partners: no page of one shows, or changes, anything of the other."""

import datetime
import hashlib
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from config.cases import PolicyException, When
from config.consequence import UNTIL_RELEASED
from config.tenant import EVERY
from config.written import Written
from console.app import create_app
from console.visit import PAGES, Page
from directory.correspondents import Correspondents
from directory.delegations import Action
from directory.logins import forget_in
from directory.sessions import end_all
from filters.examined import LOCKED, Applied, Summary
from quarantine import digests, password_attempts
from quarantine.item import Entry
from quarantine.policies.versions import Versions
from quarantine.reported.closing import Decision
from quarantine.reported.fingerprints import journal_fields
from quarantine.reported.reports import Report
from quarantine.retention import legal_holds
from quarantine.rights import Actor
from quarantine.store import Query
from quarantine.waits import attention
from tests.console.premises import (
    HTML,
    PEOPLE,
    REASONS,
    Premises,
    Visitor,
    enrolled,
    item,
    mail,
    premises,
    redeemed,
    session,
)
from tests.test_sql import OWNERS
from tests.test_tenants import WITHOUT

WORDS = {"default": "kobushi", "acme": "tsubaki"}
"""What stands in every row of a tenant, and in none of the other's; in capitals in the names of its people."""
LOGINS = ("kanri", "taro", "shacho", "kansa", "unyo", "hanako")
AUTHOR = "sato@client.example"
PASSPHRASE = {"default": "kumquat-Ridge-48-lantern-Osprey", "acme": "walnut-Harbor-73-copper-Falcon"}


class Ids(NamedTuple):
    """What can stand in the paths of a tenant's pages."""

    items: tuple[str, ...]
    mails: tuple[str, ...]
    reports: tuple[str, ...]
    listings: tuple[str, ...]
    partners: tuple[str, ...]
    devices: tuple[str, ...]
    delegations: tuple[str, ...]
    holds: tuple[str, ...]
    token: str


async def furnish_policy(place: Premises, tenant: str) -> None:
    """A policy of its own with an exception, that was used, and two versions."""
    word, now, parts, before = WORDS[tenant], place.now[0], place.parts, place.parts.policy
    exception = PolicyException(
        "external_recipient", When(size_over="1 MB"), "kanri", f"理由 {word}", "shacho", datetime.date(2099, 3, 31),
        name=f"例外 {word}",
    )  # fmt: skip
    organisation = msgspec.structs.replace(before(tenant).organisation, name=f"組織 {word}")
    own = msgspec.structs.replace(
        before(tenant), organisation=organisation, exceptions=(exception,), version=word[:6]
    )
    parts.policy = lambda asked: own if asked == tenant else before(asked)
    parts.keeper = lambda asked: asked
    for number in (1, 2):
        made = Written(f"# {word} {number}\n", {}, word[:6])
        await Versions(place.store, tenant).add(made, f"file:{word}", now + number, f"版 {word}")
    day = datetime.date.fromtimestamp(now).isoformat()
    applied = [Applied("external_recipient", f"例外 {word}", "observe")]
    parts.counts.note(tenant, day, "outbound", applied)
    await parts.counts.flush()


async def furnish(place: Premises, tenant: str) -> Ids:
    """People, mail, reports, requests, lists, partners and the policy of one tenant."""
    word, now, parts = WORDS[tenant], place.now[0], place.parts
    await furnish_policy(place, tenant)
    for account in PEOPLE:
        if account.tenant == "default":
            name = {language: f"{text} {word.upper()}" for language, text in account.name.items()}
            await parts.people.save(msgspec.structs.replace(account, tenant=tenant, name=name), now)
    told = Summary(
        f"件名 {word}", AUTHOR, f"佐藤 {word}", f"<{word}@client.example>", attachments=(f"{word}.zip",)
    )
    body = mail("x", f"<p>{word}</p>{HTML}", html=True)
    out: dict[str, Any] = {"tenant": tenant, "summary": told, "delay": 305}
    arrived = {"tenant": tenant, "summary": told, "direction": "inbound", "owner": "", "findings": REASONS,
               "delay": UNTIL_RELEASED}  # fmt: skip
    made = {
        "timed": item(f"{word}timed", body, **out, passphrase_source="generated"),
        "asked": item(f"{word}asked", body, **out, approvals=("department_head", "president")),
        "look": item(f"{word}look", body, **out, self_review=True),
        "doubtful": item(
            f"{word}doubtful", body, "hanako@example.co.jp", **arrived, holds=("warning_score",)
        ),
        "locked": item(f"{word}locked", body, "hanako@example.co.jp", **arrived, holds=(LOCKED,)),
    }
    items = {name: await place.keep(each) for name, each in made.items()}
    hanako = Actor("hanako", tenant=tenant)
    await parts.requests.ask(items["doubtful"], hanako, f"依頼 {word}", now)
    passed = [f"{word}wave", f"{word}letter"]
    reports = []
    for mail_id, subject in zip(passed, ("重要なお知らせ", "お知らせ"), strict=True):
        summary = msgspec.structs.replace(told, subject=f"{subject} {word}", hosts=("evil.example",))
        detail = {"direction": "inbound", "from": AUTHOR, "to": ["hanako@example.co.jp"],
                  **journal_fields(summary, REASONS, True)}  # fmt: skip
        await place.store.record(Entry(now - 60, "pass", "n1", "", mail_id, tenant, detail))
        report = Report(tenant, "hanako", now - 30, "page", summary, mail_id, f"報告 {word}")
        reports.append((await parts.reports.add(report))[0])
    decided = Decision("harmless", Actor("kanri", tenant=tenant), note=f"判定 {word}")
    await parts.closing.close(reports[1:], decided, now - 20)
    listed = [
        await parts.listings.add(
            tenant, list=list_, kind="domain", subject="client.example", owner="kanri", person=person,
            reason=f"理由 {word}", expires_at=now + 86_400,
        )
        for list_, person in (("block", ""), ("allow", "hanako"))
    ]  # fmt: skip
    agreed = await parts.vault.add(
        tenant, "client.example", PASSPHRASE[tenant], note=f"電話 {word}", by="kanri"
    )
    owners = [await parts.people.account(tenant, login) for login in LOGINS]
    made_for = [
        (await parts.devices.make(a, f"端末 {word}", by="kanri"))[0].id for a in owners if a is not None
    ]
    await place.store.database.write(
        lambda t: attention.note(t, items["asked"], "taro", [f"file {word}"], now)
    )
    given = await parts.deputies.delegate(
        Actor("shacho", tenant=tenant), "shacho", "kansa", (Action.APPROVE,), starts_at=now, ends_at=now + 86_400,
        reason=f"代理 {word}",
    )  # fmt: skip
    held = await legal_holds.add(place.store, tenant, ["hanako"], reason=f"保留 {word}", by="kanri", now=now)
    token = f"{word}{'t' * 36}"
    hashed, account = (
        hashlib.sha256(token.encode()).hexdigest(),
        await parts.people.account(tenant, "hanako"),
    )
    assert account is not None
    ids = (items["doubtful"].id, items["locked"].id)
    await place.store.database.write(lambda t: digests.note(t, account, now, hashed, ids, now))
    await parts.sessions.issue_code(tenant, "hanako", now)
    await enrolled(parts, tenant, "hanako", now)
    await session(parts, tenant, "hanako", now)
    await place.store.database.write(lambda t: forget_in(t, account, now - 1))
    await password_attempts.begin(place.store.database, items["locked"])
    known = Correspondents(place.store.database)
    known.note_received(tenant, AUTHOR)
    known.locked.note(tenant, "hanako", [f"{word}.zip"], [AUTHOR])
    await known.flush()
    return Ids(
        tuple(i.id for i in items.values()), (*passed, *(i.mail_id for i in items.values())),
        tuple(r.id for r in reports), tuple(d.id for d in listed), (agreed.id,), tuple(made_for), (given.id,), (held.id,), token,
    )  # fmt: skip


def paths(page: Page, ids: Ids) -> Iterator[str]:
    """The page's path for everything of a tenant that can stand in it."""
    section = page.path.split("/")[1]
    choices = {
        "mail": ids.items, "waiting": ids.items, "reports": ids.reports, "listings": ids.listings,
        "trusted": ids.listings, "partners": ids.partners, "devices": ids.devices, "delegations": ids.delegations,
        "legal-holds": ids.holds,
    }  # fmt: skip
    number = "1" if section == "policy" else "0"
    for mail_id, id in product(ids.mails, choices.get(section, ids.items)):
        yield page.path.format(id=id, mail_id=mail_id, token=ids.token, number=number, code="550")


SEARCHES = {
    "/quarantine": ("?state=any", "?state=kept", "?state=requested", "?text=client.example"),
    "/trace": ("?text=client.example",),
    "/listings": ("?text=client",),
    "/reports/{id}": ("?search=1&t=domain:client.example&t=host:evil.example",),
}
"""Questions that find both tenants' rows, were it not for the tenant."""


NOTHING = {
    "/", "/login", "/once", "/password", "/people", "/refused/{code}", "/organisations", "/second", "/second-factor",
    "/second-factor/new", "/account",
}  # fmt: skip
"""Pages without rows of their own: what is on them is a number, a name or nothing."""
UNTOUCHED = {
    "content", "day_key", "exception_told", "flood_stranger", "journal_checkpoint", "journal_tombstone", "known_networks", "let_go", "listed_alert", "picture",
    "rehearsal", "rehearsal_ground", "remembered", "said_last", "search_block", "search_pair", "stuck", "suspension",
}  # fmt: skip
"""Tables of which there is nothing here: no page of somebody who is logged in writes them."""


async def rows_of(place: Premises, tenant: str) -> dict[str, list[dict[str, object]]]:
    """Everything that the database keeps of a tenant."""
    found = {}
    for table in sorted(set(OWNERS) - set(WITHOUT)):
        rows = await place.store.database.read(
            lambda t, table=table: t.execute(
                f"SELECT * FROM {table} WHERE tenant = :tenant", {"tenant": tenant}
            )  # type: ignore[misc]
        )
        found[table] = sorted((dict(row) for row in rows), key=repr)
    return found


def test_nothing_is_answered_but_pages_of_the_table_and_files_that_are_everybodys(place: Premises) -> None:
    """What is walked through below is all that there is."""
    routes = {getattr(route, "path", "") for route in create_app(place.context).routes}
    assert routes == {page.path for page in PAGES} | {"/static/{name}"}


@pytest.fixture
async def twins(tmp_path: Path) -> Any:
    async with premises(tmp_path) as place:
        yield place, {tenant: await furnish(place, tenant) for tenant in WORDS}


async def test_no_page_shows_what_is_another_tenants(twins: tuple[Premises, dict[str, Ids]]) -> None:
    place, ids = twins
    shown = set()
    for tenant, other in (("default", "acme"), ("acme", "default")):
        for login in LOGINS:
            visitor = await place.visitor(login, tenant)
            for page in (p for p in PAGES if p.method == "GET"):
                asked = dict.fromkeys([*paths(page, ids[tenant]), *paths(page, ids[other])])
                for path in [*asked, *(p + more for p in asked for more in SEARCHES.get(page.path, ()))]:
                    text = (await visitor.get(path)).text.replace(
                        path.partition("?")[0], ""
                    )  # links to itself
                    assert WORDS[other] not in text.lower(), (tenant, login, path)
                    assert PASSPHRASE[other] not in text
                    if WORDS[tenant] in text:
                        shown.add((tenant, page.path))
    everywhere = {p.path for p in PAGES if p.method == "GET"} - NOTHING
    assert shown == set(product(WORDS, everywhere)), "each page shows something, or nothing was tested"


async def test_pages_are_what_they_are_without_the_other_tenant(tmp_path: Path) -> None:
    """Numbers, too: the same pages before there was another tenant, and after."""
    async with premises(tmp_path) as place:
        ids = await furnish(place, "default")
        alone = await pages_of(place, ids)
        await furnish(place, "acme")
        assert await pages_of(place, ids) == alone
        assert len(alone) > 100


async def pages_of(place: Premises, ids: Ids) -> dict[tuple[str, str], str]:
    """What everybody of the default tenant sees, by person and path, without the tokens of forms."""
    found = {}
    for login in LOGINS:
        await place.store.database.write(lambda t, who=login: end_all(t, "default", who))  # type: ignore[misc]
        visitor = await place.visitor(login, "default")
        for page in (p for p in PAGES if p.method == "GET"):
            for path in dict.fromkeys(paths(page, ids)):
                text = (await visitor.get(path)).text
                found[login, path] = re.sub(r'name="token" value="[^"]*"', "", text)
    return found


FORM = {
    "reason": "r", "comment": "c", "until": "", "note": "n", "days": "90", "list": "block", "kind": "domain",
    "verdict": "dangerous", "alert": "1", "line": "x", "discard": "1", "tell": "1", "trust": "90", "span": "90",
    "t": ["domain:client.example", "host:evil.example", f"address:{AUTHOR}"], "block": ["domain:client.example"],
    "names": "hanako", "passphrase": "maple-Lantern-29-river-Heron", "checked": ["client.example", "attachments"], "password": "x",
}  # fmt: skip
"""Something for every field of every form: much of it is what both tenants have."""


async def press(visitor: Visitor, path: str, place: Premises) -> int:
    section = path.split("/")[1]
    subject = AUTHOR if section == "partners" else "client.example"
    digest = ""
    if section == "mail":
        (found,) = await place.store.find(Query(EVERY, ids=(path.split("/")[2],)))
        digest = found.bound
    answer = await visitor.post(path, **FORM, subject=subject, bound=digest)
    assert answer.status_code != 500
    return answer.status_code


@pytest.mark.parametrize(("tenant", "other"), [("default", "acme"), ("acme", "default")])
async def test_no_form_changes_what_is_another_tenants(
    twins: tuple[Premises, dict[str, Ids]], tenant: str, other: str
) -> None:
    """With the other's ids, and with one's own: whatever is decided about mail that both have."""
    place, ids = twins
    place.parts.unlock = lambda item, typed, actor: pytest.fail("another's mail")  # type: ignore[method-assign]
    before = await rows_of(place, other)
    assert {table for table, rows in before.items() if not rows} == UNTOUCHED
    for login in LOGINS:
        visitor = await place.visitor(login, tenant)
        for page in (p for p in PAGES if p.method == "POST" and "{" in p.path):
            for path in dict.fromkeys(paths(page, ids[other])):
                assert await press(visitor, path, place) == 404, (login, path)
    assert await rows_of(place, other) == before

    place.parts.unlock = lambda item, typed, actor: _wrong()  # type: ignore[method-assign]
    done = 0
    for login in LOGINS:
        visitor = await place.visitor(login, tenant)
        for page in (p for p in PAGES if p.method == "POST" and p.path not in ("/logout", "/login", "/once")):
            for path in dict.fromkeys(paths(page, ids[tenant])):
                done += await press(visitor, path, place) == 303
    assert done > 20
    assert await rows_of(place, other) == before


async def _wrong() -> str:
    return "wrong"


async def test_a_session_and_a_code_are_one_tenants(twins: tuple[Premises, dict[str, Ids]]) -> None:
    place, _ = twins
    here, there = await place.visitor("hanako", "default"), await place.visitor("hanako", "acme")
    code = await place.parts.sessions.issue_code("acme", "hanako", place.now[0])
    await place.store.database.write(lambda t: end_all(t, "default", "hanako"))
    assert (await here.get("/mail")).status_code == 303
    assert WORDS["acme"] in (await there.get("/mail")).text
    assert await redeemed(place.parts, code, place.now[0]) == ("acme", "hanako")
