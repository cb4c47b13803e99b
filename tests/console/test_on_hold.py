"""My held mail: OUT-DELAY, and the truth about what came of a click (1.1.4 to 1.1.8)."""

import re

import msgspec
import pytest

from config.words import known
from filters.finding import Evidence, Finding
from quarantine.item import Event, Outcome, State, Status
from quarantine.lifecycle import TOLD_HOLDS
from quarantine.rights import Actor
from tests.console.premises import SECRET, Premises, item, mail

ALL = ["client.example", "unknown.example", "attachments"]


async def test_the_list_says_who_gets_it_when_and_why(full: Premises) -> None:
    text = (await (await full.visitor("hanako")).get("/mail")).text
    assert text.index("見積書の送付について") < text.index("議事録の確認"), "what leaves first stands first"
    assert "クライアント株式会社" in text
    assert "社外" in text
    assert f'data-due="{full.now[0] + 300}"' in text, "the countdown ends before the server's"
    assert "Re: 名簿" not in text, "taro's mail is not hers"


async def test_recall(full: Premises) -> None:
    hanako = await full.visitor("hanako")
    answer = await hanako.post("/mail/timed/recall")
    assert answer.headers["location"] == "/mail/timed"
    assert (await full.store.get("timed", "default")).state is State.WITHDRAWN
    page = (await hanako.get("/mail/timed")).text
    assert "取り消しました。このメールは送信されません。" in page
    assert "/mail/timed/send_now" not in page
    assert "取り消しました。" not in (await hanako.get("/mail/timed")).text, "said once"
    assert full.woken


async def test_some_recipients_are_taken_back_and_the_page_says_what_the_others_see(full: Premises) -> None:
    hanako = await full.visitor("hanako")
    seen = "To・Ccには、取り消した宛先も表示されます"
    assert seen not in (await hanako.get("/mail/timed")).text, "it leaves as Bcc"
    two = item("two", mail("二人", "本文"), "a@client.example", "b@unknown.example", delay=305)
    await full.keep(two, full.now[0])
    assert seen in (await hanako.get("/mail/two")).text
    before = await full.store.get("timed", "default")
    assert (await hanako.post("/mail/timed/drop")).status_code == 400, "nobody was chosen"
    await hanako.post("/mail/timed/drop", recipient=["99999", "x", "77"])
    assert await full.store.get("timed", "default") == before
    answer = await hanako.post("/mail/timed/drop", recipient=["0", "2"])
    assert answer.headers["location"] == "/mail/timed"
    after = await full.store.get("timed", "default")
    assert after.state is State.HELD
    assert [n for n, r in enumerate(after.recipients) if r.status is Status.WITHDRAWN] == [0, 2]
    page = (await hanako.get("/mail/timed")).text
    assert "選んだ宛先への送信を取り消しました。" in page
    assert "送信者が一部の宛先を取り消しました" in page
    (entry,) = [e for e in await full.store.entries("default", item="timed") if e.event == "drop"]
    assert entry.detail["recipients"] == [before.recipients[n].path.address for n in (0, 2)]
    await hanako.post("/mail/timed/drop", recipient=["0"])
    assert "選んだ宛先への" not in (await hanako.get("/mail/timed")).text, "never a fake success"


async def test_recipients_that_left_cannot_be_taken_back(full: Premises) -> None:
    full.now[0] += 306
    await full.store.lease(full.now[0], 10, 60)
    hanako = await full.visitor("hanako")
    await hanako.post("/mail/timed/drop", recipient=["0"])
    assert "現在送信中" in (await hanako.get("/mail/timed")).text


async def test_stop_and_resume_start_the_full_delay_again(full: Premises) -> None:
    hanako = await full.visitor("hanako")
    await hanako.post("/mail/timed/stop")
    assert (await full.store.get("timed", "default")).due_at is None
    full.now[0] += 1000
    await hanako.post("/mail/timed/resume")
    assert (await full.store.get("timed", "default")).due_at == full.now[0] + 305


async def test_send_now_wants_every_external_domain_and_the_attachments_ticked(full: Premises) -> None:
    hanako = await full.visitor("hanako")
    answer = await hanako.post("/mail/timed/send_now", checked=["client.example", "attachments"])
    assert answer.status_code == 400
    assert "すべての項目にチェック" in answer.text
    assert (await full.store.get("timed", "default")).state is State.HELD
    await hanako.post("/mail/timed/send_now", checked=ALL)
    assert (await full.store.get("timed", "default")).state is State.QUEUED


async def test_what_the_policy_fixes_is_not_sent_early_and_the_page_says_until_when(full: Premises) -> None:
    kept = await full.keep(item("fixed", mail("固定", "本文"), delay=305, fixed=300), full.now[0])
    hanako = await full.visitor("hanako")
    page = (await hanako.get("/mail/fixed")).text
    assert "ポリシーにより" in page
    assert "/mail/fixed/send_now" not in page
    assert (await hanako.post("/mail/fixed/send_now", checked=ALL)).status_code in (303, 400)
    assert (await full.store.get(kept.id, "default")).state is State.HELD
    await hanako.post("/mail/fixed/stop")
    await hanako.post("/mail/fixed/recall")
    assert (await full.store.get(kept.id, "default")).state is State.WITHDRAWN


async def test_the_page_says_that_a_mail_waits_for_the_time_that_was_asked_for(full: Premises) -> None:
    later = full.now[0] + 50_005
    await full.keep(item("morning", mail("朝", "本文"), delay=305, not_before=later), full.now[0])
    hanako = await full.visitor("hanako")
    page = (await hanako.get("/mail/morning")).text
    assert "送信時刻の指定" in page
    assert f'data-due="{later - 5}"' in page
    await hanako.post("/mail/morning/send_now", checked=ALL)
    assert (await full.store.get("morning", "default")).state is State.QUEUED, (
        "its sender may change their mind"
    )


async def test_a_click_after_it_left_never_claims_success(full: Premises) -> None:
    hanako = await full.visitor("hanako")
    await hanako.get("/mail/timed")
    full.now[0] += 306
    (leased,) = await full.store.lease(full.now[0], 10, 60)
    for right in ("recall", "stop", "send_now"):
        await hanako.post(f"/mail/timed/{right}", checked=ALL)
        page = (await hanako.get("/mail/timed")).text
        assert "現在送信中" in page
        assert "取り消しました" not in page
    outcomes = [Outcome(i, Status.DELIVERED, "250 ok") for i in range(5)]
    await full.store.finish(leased, outcomes, full.now[0], None)
    await hanako.post("/mail/timed/recall")
    page = (await hanako.get("/mail/timed")).text
    assert "に送信済みです" in page
    assert (await full.store.get("timed", "default")).state is State.DONE


async def test_a_click_in_the_last_second_shown_is_in_time(full: Premises) -> None:
    full.now[0] += 300 + full.context.margin - 1
    hanako = await full.visitor("hanako")
    await hanako.post("/mail/timed/recall")
    assert (await full.store.get("timed", "default")).state is State.WITHDRAWN


async def test_the_passphrase_is_shown_on_request_to_the_sender_and_on_record(full: Premises) -> None:
    hanako = await full.visitor("hanako")
    assert SECRET[:4] not in (await hanako.get("/mail/timed")).text
    shown = await hanako.post("/mail/timed/passphrase")
    assert "<span>abcd</span> <span>efgh</span>" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert SECRET[:4] not in (await hanako.get("/mail/timed")).text
    for login in ("kanri", "taro", "unyo"):
        assert (await (await full.visitor(login)).post("/mail/timed/passphrase")).status_code in (403, 404)
    (entry,) = await full.store.entries("default", event="passphrase_shown")
    assert (entry.actor, entry.item) == ("hanako", "timed")
    assert SECRET not in repr(await full.store.entries("default"))


async def test_opening_somebody_elses_content_needs_a_reason_and_is_on_record(full: Premises) -> None:
    kanri = await full.visitor("kanri")
    assert "至急ご確認" not in (await kanri.get("/mail/review")).text
    refused = await kanri.post("/mail/review/open", reason="  ")
    assert refused.status_code == 400
    assert "至急ご確認" not in refused.text
    opened = await kanri.post("/mail/review/open", reason="利用者からの問い合わせ")
    assert "至急ご確認ください" in opened.text
    assert "alert(1)" not in opened.text
    assert "[→ http://evil.example/login]" in opened.text
    assert 'href="http' not in opened.text
    assert '<img src="http' not in opened.text
    (look,) = await full.store.entries("default", event="look")
    assert (look.actor, look.item, look.detail) == ("kanri", "review", {"reason": "利用者からの問い合わせ"})


async def test_an_approver_opens_without_a_reason_but_on_record(full: Premises) -> None:
    taro = await full.visitor("taro")
    assert "社外秘の資料です" in (await taro.post("/mail/approval/open")).text
    assert [e.actor for e in await full.store.entries("default", event="look")] == ["taro"]


async def test_the_sender_reads_their_own(full: Premises) -> None:
    page = (await (await full.visitor("hanako")).get("/mail/timed")).text
    assert "お世話になっております" in page
    assert "見積書.pdf" in page
    assert await full.store.entries("default", event="look") == []


async def test_the_operator_sees_states_but_never_content_or_evidence(full: Premises) -> None:
    page = (await (await full.visitor("unyo")).get("/mail/timed")).text
    assert "090-" not in page
    assert "お世話になっております" not in page


async def test_lost_content_is_said_and_harms_nothing(full: Premises) -> None:
    kept = await full.store.get("timed", "default")
    await full.blobs.delete(kept.blob)
    page = await (await full.visitor("hanako")).get("/mail/timed")
    assert page.status_code == 200
    assert "読み出せませんでした" in page.text


@pytest.mark.parametrize(
    ("event", "words"), [(Event.RECALL, "すでに取り消され"), (Event.STOP, "状態が変わったため")]
)
async def test_somebody_else_was_faster(full: Premises, event: Event, words: str) -> None:
    hanako = await full.visitor("hanako")
    await hanako.get("/mail/timed")
    await full.store.change("timed", event, Actor("hanako", tenant="default"), full.now[0])
    await hanako.post("/mail/timed/stop")
    assert words in (await hanako.get("/mail/timed")).text


async def test_a_recalled_mail_asks_nobody_to_tell_a_password(full: Premises) -> None:
    hanako = await full.visitor("hanako")
    assert "添付ファイルのパスワード" in (await hanako.get("/mail/timed")).text
    await hanako.post("/mail/timed/recall")
    page = (await hanako.get("/mail/timed")).text
    assert "電話" not in page
    assert "添付ファイルのパスワード" not in page


async def test_words_follow_the_direction_of_the_mail(full: Premises) -> None:
    kanri = await full.visitor("kanri")
    inbound = (await kanri.get("/mail/review")).text
    assert "未配信" in inbound
    assert "未送信" not in inbound
    outbound = (await (await full.visitor("hanako")).get("/mail/timed")).text
    assert "送信時の変更" in outbound
    assert "未送信" in outbound
    assert "未配信" not in outbound


async def test_a_sender_reads_file_names_and_no_paths_of_parts(full: Premises) -> None:
    inside = Finding(
        "person_records", "OUT-PII", (Evidence("090-****-5678", "2/名簿.docx/word/document.xml"),)
    )
    await full.keep(item("inside", mail("list", "名簿"), findings=(inside,), owner="hanako"))
    page = (await (await full.visitor("hanako")).get("/mail/inside")).text
    assert "名簿.docx" in page
    assert "document.xml" not in page
    assert "2/" not in page


async def test_control_ids_are_one_click_away(full: Premises) -> None:
    page = (await (await full.visitor("hanako")).get("/mail/timed")).text
    outside = re.sub(r"(?s)<details.*?</details>", "", page)
    assert "OUT-PII" in page
    assert "OUT-PII" not in outside


async def keep_each(full: Premises, count: int = 4, **changes: object) -> list[str]:
    """One mail as one copy each."""
    ids = [f"each{n or ''}" for n in range(count)]
    for n, one in enumerate(ids):
        made, raw = item(
            one, mail("news", "お知らせ"), f"p{n}@c{n}.example", rewrites=("each",), delay=305, **changes
        )
        await full.keep((msgspec.structs.replace(made, mail_id="each"), raw))
    return ids


async def test_copies_for_each_stand_together_and_are_acted_on_together_unless_somebody_says_otherwise(
    full: Premises,
) -> None:
    ids = await keep_each(full)
    hanako = await full.visitor("hanako")
    assert len(re.findall(r'href="/mail/each', (await hanako.get("/mail")).text)) == 1
    page = (await hanako.get("/mail/each")).text
    assert 'name="alike"' in page
    await hanako.post("/mail/each2/recall")
    assert {i: (await full.store.get(i, "default")).state for i in ids} == {
        "each": State.HELD, "each1": State.HELD, "each2": State.WITHDRAWN, "each3": State.HELD,
    }  # fmt: skip
    await hanako.post("/mail/each/stop", alike="yes")
    await hanako.post("/mail/each/resume", alike="yes")
    assert len(re.findall(r'href="/mail/each', (await hanako.get("/mail")).text)) == 2, (
        "with the one that was recalled"
    )
    answer = await hanako.post("/mail/each/send_now", checked=["c0.example"], alike="yes")
    assert answer.status_code == 400, "every domain of all copies is ticked"
    await hanako.post("/mail/each/send_now", checked=["c0.example", "c1.example", "c3.example"], alike="yes")
    states = [(await full.store.get(i, "default")).state for i in ids]
    assert states == [State.QUEUED, State.QUEUED, State.WITHDRAWN, State.QUEUED]


async def test_who_approves_one_copy_for_each_approves_them_all(full: Premises) -> None:
    ids = await keep_each(full, approvals=("department_head",))
    taro = await full.visitor("taro")
    assert len(re.findall(r'href="/mail/each', (await taro.get("/approvals")).text)) == 1
    bound = (await full.store.get("each", "default")).bound
    await taro.post("/mail/each/approve", bound=bound, alike="yes")
    own = await full.store.entries("default", event="approve")
    assert [bool(entry.detail.get("alike")) for entry in own].count(False) == 1, "it is one decision"
    assert [(await full.store.get(i, "default")).approvals for i in ids] == [()] * 4


async def test_recipients_are_taken_back_from_one_copy_only(full: Premises) -> None:
    """Whoever asks for all copies by hand gets an answer, not an error of ours; and hundreds may be chosen at once."""
    addresses = [f"info@company{number}.example" for number in range(300)]
    for name in ("one", "two"):
        made = item(name, mail("x", "y"), *addresses, delay=305, rewrites=("each",))
        await full.keep((msgspec.structs.replace(made[0], mail_id="one"), made[1]))
    hanako = await full.visitor("hanako")
    chosen = [str(number) for number in range(1, 300)]
    answer = await hanako.post("/mail/one/drop", recipient=chosen, alike="yes")
    assert answer.status_code == 303
    gone = [r.status for r in (await full.store.get("one", "default")).recipients]
    assert gone.count(Status.WITHDRAWN) == 299
    other = await full.store.get("two", "default")
    assert not [r for r in other.recipients if r.status is Status.WITHDRAWN]


@pytest.mark.parametrize("hold", sorted(TOLD_HOLDS))
async def test_a_hold_that_is_no_rule_s_is_said_in_words(full: Premises, hold: str) -> None:
    await full.keep(item("other", mail("別件", "本文"), "a@client.example", holds=(hold,)), full.now[0])
    page = (await (await full.visitor("hanako")).get("/mail/other")).text
    assert known("ja", f"values.hold.{hold}") in page
    assert hold not in page
