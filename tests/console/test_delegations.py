"""The page of delegations: one's own for everybody, everybody's for administrators."""

from tests.console.premises import Premises

FIELDS = {
    "delegate": "unyo",
    "action": ["approve"],
    "since": "2026-05-29",
    "until": "2026-06-05",
    "reason": "出張",
}


async def test_add_show_act_and_end(full: Premises) -> None:
    taro = await full.visitor("taro")
    assert "代理の設定はありません" in (await taro.get("/delegations")).text
    full.now[0] = 1_780_020_000.0  # 2026-05-29 in Tokyo
    taro = await full.visitor("taro")
    assert (await taro.post("/delegations", **FIELDS)).headers["location"] == "/delegations"
    page = (await taro.get("/delegations")).text
    assert "高橋 運用（佐藤 太郎の代理）" in page
    assert "2026年6月5日<" in page, "its last day"
    assert "だれの代理か" not in page, "only of one's own place"
    unyo = await full.visitor("unyo")
    assert "/approvals" in (await unyo.get("/")).text, "the menu leads a deputy there"
    shown = await unyo.get("/mail/approval")
    assert "佐藤 太郎さんの代理として判断します" in shown.text
    before = await full.store.get("approval", "default")
    await unyo.post("/mail/approval/approve", bound=before.bound)
    assert (await full.store.get("approval", "default")).approvals == ()
    assert (
        "高橋 運用 （佐藤 太郎の代理）" in (await (await full.visitor("hanako")).get("/mail/approval")).text
    )
    (row,) = await full.parts.deputies.table.all("default")
    assert (await taro.post(f"/delegations/{row.id}/end")).headers["location"] == "/delegations"
    assert (await taro.post(f"/delegations/{row.id}/end")).status_code == 404


async def test_what_is_wrong_is_said_and_what_was_typed_stays(full: Premises) -> None:
    full.now[0] = 1_780_020_000.0
    kanri = await full.visitor("kanri")
    for changes, words in (
        ({"until": "yesterday"}, "終了日"),
        ({"until": "2026-05-01"}, "終了日"),
        ({"until": "9999-12-31"}, "終了日"),
        ({"delegate": "nobody"}, "有効なユーザーはいません"),
        ({"action": []}, "操作を選んで"),
        ({"action": ["all"]}, "操作を選んで"),
        ({"place": "shacho", "delegate": "kanri"}, "自分で引き受ける"),
        ({"place": "nobody@example.co.jp"}, "共有メールボックスもありません"),
    ):
        answer = await kanri.post("/delegations", **{**FIELDS, **changes})
        assert answer.status_code == 400, changes
        assert words in answer.text, changes
        assert "出張" in answer.text
    assert await full.parts.deputies.table.all("default") == []


async def test_an_administrator_sets_it_for_others(full: Premises) -> None:
    full.now[0] = 1_780_020_000.0
    kanri = await full.visitor("kanri")
    await kanri.post("/delegations", place="shacho@example.co.jp", **FIELDS)
    assert "高橋 運用（鈴木 一郎の代理）" in (await kanri.get("/delegations")).text
    assert "高橋 運用（鈴木 一郎の代理）" in (await (await full.visitor("unyo")).get("/delegations")).text
    assert "鈴木" not in (await (await full.visitor("hanako")).get("/delegations")).text
    hanako = await full.visitor("hanako")
    assert (await hanako.post("/delegations", place="shacho", **FIELDS)).status_code == 403
