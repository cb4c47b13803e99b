"""The pages about the policy: what it did, its versions, what each changed."""

import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config.cases import Case, When
from config.policy import RulePolicy
from config.written import Written
from filters.examined import Applied
from quarantine.policies.versions import Versions
from quarantine.service.policies import VERSIONS
from tests.console.premises import Premises

FIRST = Written('[organisation]\nname = "見本"\n', {"preset rulebook": "a = 1\n"}, "6f1d2c3b4a59")
SECOND = Written(
    FIRST.text + '[rules.external_recipient]\nthen = "delay 5m"\n', FIRST.presets, "77aa0be1c2d3"
)


async def furnish_policy(place: Premises) -> None:
    """Three versions, of which the last came by the program, and the figures of some days."""
    now = place.now[0]
    versions = Versions(place.store, "default")
    await versions.add(FIRST, "file:root", now - 40 * 86_400, "policy.toml")
    await versions.add(SECOND, "operator:mori", now - 9 * 86_400, "<b>社外宛ては5分保留</b>（4月の会議）")
    await versions.add(msgspec.structs.replace(SECOND, policy="90ffee01d2e3"), "program", now - 86_400, "x")
    cases = (Case(When(to=("partners",)), "delay 1m", "取引先"), Case(When(sender="hr"), "delay 10m"))
    policy = msgspec.structs.replace(
        place.parts.policy("default"),
        version="90ffee01d2e3",
        rules={"external_recipient": RulePolicy(cases=cases)},
    )
    place.parts.policy = lambda tenant: policy
    today = datetime.datetime.fromtimestamp(now, ZoneInfo("Asia/Tokyo")).date()
    for ago, mails in ((0, 4), (20, 6)):
        day = (today - datetime.timedelta(days=ago)).isoformat()
        for number in range(mails):
            applied = [Applied("external_recipient", "取引先" if number % 2 else "", "delay 1m")]
            place.parts.counts.note("default", day, "outbound", applied)
        for _ in range(mails * 5):
            place.parts.counts.note("default", day, "inbound", [])
    place.parts.counts.note("default", today.isoformat(), "inbound", [Applied("warning_score", "", "warn")])
    await place.parts.counts.flush()


@pytest.mark.parametrize("login", ["kanri", "kansa"])
async def test_the_figures_say_what_applied_how_often_and_what_never_did(place: Premises, login: str) -> None:
    await furnish_policy(place)
    visitor = await place.visitor(login)
    page = (await visitor.get("/policy")).text
    for words in ("送信10通", "受信51通", "取引先", "規則そのもの", "（50.0%）", "delay 1m", "5通", "事例2"):
        assert words in page
    never = page[page.index("適用されなかった") :]
    assert "事例2" in never
    assert "取引先" not in never, "that one did"
    week = (await visitor.get("/policy?days=7&lang=en")).text
    for words in ("4 outgoing", "21 incoming", "2 messages", "the rule itself", "Last 7 days", "case 2"):
        assert words in week
    assert (await visitor.get("/policy?days=x")).status_code == 200


async def test_the_versions_stand_with_author_time_and_what_is_in_force(place: Premises) -> None:
    await furnish_policy(place)
    visitor = await place.visitor("kanri")
    page = (await visitor.get("/policy/versions")).text
    rows = [page.index(f"第{number}版") for number in (3, 2, 1)]
    assert rows == sorted(rows), "the newest first"
    for words in (
        "mori（コマンド）",
        "root（ポリシーファイル）",
        "Sekisho（更新）",
        "+2 −0",
        "変更された行はありません",
    ):
        assert words in page
    assert page.count("適用中") == 1
    assert page.index("適用中") < rows[1]
    assert "<b>" not in page
    one = (await visitor.get("/policy/versions/2?lang=en")).text
    for words in (
        "+then = &#34;delay 5m&#34;",
        "mori (command line)",
        "preset rulebook",
        "77aa0be1c2d3",
        "+2 −0",
    ):
        assert words in one
    assert "In force" not in one
    for nothing in ("9", "0", "x", "9" * 30):
        assert (await visitor.get(f"/policy/versions/{nothing}")).status_code == 404


async def test_a_policy_that_was_not_kept_yet_is_none_of_the_versions(place: Premises) -> None:
    await furnish_policy(place)
    other = msgspec.structs.replace(place.parts.policy("default"), version="0123456789ab")
    place.parts.policy = lambda tenant: other
    assert "適用中" not in (await (await place.visitor("kanri")).get("/policy/versions")).text


async def test_a_long_history_goes_on_on_further_pages(place: Premises) -> None:
    versions = Versions(place.store, "default")
    for number in range(VERSIONS + 3):
        await versions.add(Written(f"# {number}\n", {}, f"{number:012x}"), "file", place.now[0])
    visitor = await place.visitor("kanri")
    first = (await visitor.get("/policy/versions?lang=en")).text
    assert "Version 23<" in first
    assert "Version 4<" in first
    assert "Version 3<" not in first
    rest = (await visitor.get("/policy/versions?before=4")).text
    assert [f"Version {n}<" in rest for n in (4, 3, 2, 1)] == [False, True, True, True]
    assert "+1 −1" in first, "against the version before, which stands on the next page"
    assert "Next page" not in rest


async def test_without_versions_and_mail_the_pages_say_so(place: Premises) -> None:
    visitor = await place.visitor("kansa")
    assert "記録された版はまだありません" in (await visitor.get("/policy/versions")).text
    assert "この期間に適用された規則はありません" in (await visitor.get("/policy")).text


async def test_another_tenant_sees_the_same_policy_and_its_own_figures(place: Premises) -> None:
    await furnish_policy(place)
    other = await place.visitor("other")
    assert "第3版" in (await other.get("/policy/versions")).text
    assert "送信0通" in (await other.get("/policy")).text
