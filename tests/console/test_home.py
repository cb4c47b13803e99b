"""The first page."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from console.pages.home import _short
from mail.cause import Cause
from quarantine.item import Outcome, Status
from quarantine.policies.counts import Counts
from tests.console.premises import Premises, item


@pytest.mark.parametrize(
    ("login", "numbers"),
    [("hanako", [3, 1]), ("taro", [1, 1]), ("kanri", [0, 2, 0]), ("shacho", [0, 0]), ("unyo", [0])],
)
async def test_it_counts_what_waits_for_this_person(full: Premises, login: str, numbers: list[int]) -> None:
    text = (await (await full.visitor(login)).get("/")).text
    assert [int(n) for n in re.findall(r'class="number">(\d+)<', text)] == numbers
    assert ("システムの状態" in text) == (login in ("kanri", "unyo"))


@pytest.mark.parametrize(("language", "said"), [("ja", "1超"), ("en", "over 1")])
async def test_what_nobody_counts_on_is_said_to_be_more(
    full: Premises, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setattr("quarantine.store.MANY", 1)
    monkeypatch.setattr("console.visit.MANY", 1)
    text = (await (await full.visitor("hanako")).get(f"/?lang={language}")).text
    assert re.findall(r'class="number">([^<]+)<', text)[0] == said


async def test_nothing_to_do_is_said(place: Premises) -> None:
    assert "対応が必要なものはありません" in (await (await place.visitor("hanako")).get("/")).text


# A queue that is stuck.

RELAY = "relay.example:25"


async def stuck(place: Premises, id: str = "late", owner: str = "hanako", **more: object) -> None:
    """A mail that its next hop kept waiting twice, the last time five minutes ago."""
    at = place.now[0] - 3600
    await place.keep(item(id, b"Subject: x\r\n\r\nx", "a@client.example", owner=owner, **more), at)
    for when, due in ((at, at + 300), (place.now[0] - 300, place.now[0] + 900)):
        leased = next(i for i in await place.store.lease(when, 20, 60) if i.id == id)
        outcome = Outcome(0, Status.DEFERRED, "451 4.7.5 TLS failed", Cause.CERTIFICATE_EXPIRED, RELAY)
        await place.store.finish(leased, [outcome], when, due)


@pytest.mark.parametrize(("login", "shown", "button"), [("kanri", True, True), ("unyo", True, True), ("kansa", True, False), ("hanako", False, False)])  # fmt: skip
async def test_who_is_in_charge_sees_a_stuck_queue(
    place: Premises, login: str, shown: bool, button: bool
) -> None:
    await stuck(place)
    text = (await (await place.visitor(login)).get("/")).text
    assert (RELAY in text) == shown
    assert ("1通が配信待ちです" in text) == shown
    assert ("有効期限が切れています" in text) == shown
    assert ("証明書を更新してください" in text) == shown
    assert ('action="/retry"' in text) == button


async def test_retry_and_the_page_clears(place: Premises) -> None:
    await stuck(place)
    visitor = await place.visitor("kanri")
    answer = await visitor.post("/retry", hop=RELAY)
    assert answer.status_code == 303
    after = await place.store.get("late", "default")
    assert (after.due_at, after.attempts) == (place.now[0], 0)
    (entry,) = [e for e in await place.store.entries("default", item="late") if e.event == "retry"]
    assert entry.actor == "kanri"
    (leased,) = await place.store.lease(place.now[0], 20, 60)
    await place.store.finish(leased, [Outcome(0, Status.DELIVERED, "250 ok", "", RELAY)], place.now[0], None)
    assert RELAY not in (await visitor.get("/")).text


async def test_a_large_queue_is_retried_in_parts_and_the_page_says_so(
    place: Premises, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quarantine.queue.retrying.PAGE", 1)
    monkeypatch.setattr("quarantine.service.queue.PAGES", 2)
    for number in range(3):
        await stuck(place, f"late{number}")
    visitor = await place.visitor("kanri")
    for rest in (True, False):
        await visitor.post("/retry", hop=RELAY)
        assert ("残りを再送するには" in (await visitor.get("/")).text) == rest
    told = await place.store.entries("default", event="retry")
    assert sorted(e.item for e in told) == ["late0", "late1", "late2"]


async def test_the_sender_sees_at_once_why_it_waits_and_cannot_push(place: Premises) -> None:
    await stuck(place)
    visitor = await place.visitor("hanako")
    for path in ("/mail", "/mail/late"):
        assert "有効期限が切れています" in (await visitor.get(path)).text
    assert (await visitor.post("/retry", hop=RELAY)).status_code == 404
    assert (await visitor.post("/mail/late/retry")).status_code == 403
    administrator = await place.visitor("kanri")
    assert "今すぐ再送" in (await administrator.get("/mail/late")).text
    assert (await administrator.post("/mail/late/retry")).status_code == 303
    assert (await place.store.get("late", "default")).due_at == place.now[0]


async def test_another_tenant_sees_and_moves_nothing(place: Premises) -> None:
    await stuck(place)
    visitor = await place.visitor("other")
    assert RELAY not in (await visitor.get("/")).text
    await visitor.post("/retry", hop=RELAY)
    assert (await place.store.get("late", "default")).due_at == place.now[0] + 900


async def test_those_in_charge_see_the_weeks_mail_in_figures(full: Premises) -> None:
    """Of their own organisation; today is the last day, and days without mail are told as well."""
    counts = Counts(full.store.database)
    today = datetime.fromtimestamp(full.now[0], ZoneInfo("Asia/Tokyo")).date()
    for ago, tenant, direction in (
        (0, "default", "outbound"),
        (6, "default", "inbound"),
        (7, "default", "inbound"),
        (0, "acme", "inbound"),
    ):
        counts.note(tenant, f"{today - timedelta(days=ago)}", direction, ())
    await counts.flush()
    text = (await (await full.visitor("kanri")).get("/?lang=en")).text
    assert re.findall(r"outgoing (\d+), incoming (\d+)", text) == [("0", "1"), *[("0", "0")] * 5, ("1", "0")]
    assert text.count('<rect class="outbound"') == 7
    assert "<svg viewBox" not in (await (await full.visitor("hanako")).get("/")).text


@pytest.mark.parametrize(
    ("many", "said"), [(0, "0"), (9_999, "9,999"), (12_400, "12k"), (1_250_000, "1,250k")]
)
def test_a_number_where_there_is_little_room(many: int, said: str) -> None:
    assert _short(many) == said
