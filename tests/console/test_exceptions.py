"""The page of the policy's exceptions."""

import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from config.cases import PolicyException, When
from filters.examined import Applied
from tests.console.premises import Premises

ZONE = ZoneInfo("Asia/Tokyo")


async def furnish_exceptions(place: Premises) -> None:
    """One exception in force, one that ends soon, one that is over; the second was used."""
    today = datetime.datetime.fromtimestamp(place.now[0], ZONE).date()

    def made(name: str, days: int, **more: object) -> PolicyException:
        said = {
            "rule": "many_external",
            "owner": "hanako",
            "approved_by": "shacho",
            "reason": "全員の同意あり",
        }
        until = today + datetime.timedelta(days=days)
        usual = {"when": When(sender="hr", to=("alumni", "retired")), "until": until, "name": name}
        return PolicyException(**said | usual | more)  # type: ignore[arg-type]

    exceptions = (
        made("株主総会の案内", 200, owner="taro", rule="external_recipient", reason="年1回。総務部の依頼"),
        made("同窓会報", 12),
        made("移行期間", -3, owner="retired-person", when=When(size_over="10 MB", hours="outside")),
    )
    policy = msgspec.structs.replace(place.parts.policy("default"), exceptions=exceptions)
    place.parts.policy = lambda tenant: policy
    applied = [Applied("many_external", "同窓会報", "observe")]
    for ago, count in ((1, 3), (40, 12), (75, 7)):
        day = (today - datetime.timedelta(days=ago)).isoformat()
        for _ in range(count):
            place.parts.counts.note("default", day, "outbound", applied)
    await place.parts.counts.flush()


@pytest.mark.parametrize("login", ["kanri", "kansa"])
async def test_state_people_end_and_use_stand_there(place: Premises, login: str) -> None:
    await furnish_exceptions(place)
    page = (await (await place.visitor(login)).get("/exceptions")).text
    places = [page.index(words) for words in ("同窓会報", "株主総会の案内", "移行期間")]
    assert places == sorted(places), "what ends first stands first, what is over last"
    for words in (
        "まもなく期限", "期限切れ", "有効", "山田 花子", "承認者：鈴木 一郎", "retired-person", "22通", "適用なし",
        "alumni, retired", "業務時間外", "全員の同意あり", "あと12日",
    ):  # fmt: skip
        assert words in page
    english = (await (await place.visitor(login)).get("/exceptions?lang=en")).text
    for words in ("Ends soon", "Hanako Yamada", "22 messages", "12 days left", "Outside business hours"):
        assert words in english


async def test_another_tenant_sees_the_same_policy_and_its_own_figures(place: Premises) -> None:
    await furnish_exceptions(place)
    page = (await (await place.visitor("other")).get("/exceptions")).text
    assert "同窓会報" in page
    assert "22通" not in page


async def test_without_exceptions_the_page_says_so(place: Premises) -> None:
    assert "登録されている例外はありません" in (await (await place.visitor("kanri")).get("/exceptions")).text
