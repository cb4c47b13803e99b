"""OUT-MISSEND: what announces a file, and what only speaks of one."""

import pytest

from tests.filters.mails import attached, findings, plain


def said(body: str, **more: str) -> list[str]:
    return [f.values["words"] for f in findings("absent_attachment", plain(body, **more))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("分析をお願いしたく、規格書を添付いたします。", "規格書を添付いたします"),
        ("添付の申請書のとおり登録をお願いできますか？", "添付の申請書のとおり登録をお願いできますか"),
        ("詳細は別添をご覧ください。", "詳細は別添をご覧ください"),
        ("添付をご確認ください。", "添付をご確認ください"),
        ("資料を添付しましたので、後日ご返送ください。", "資料を添付しましたので"),
        ("最新のデータをお送りします。", "最新のデータをお送りします"),
        (
            "The run finished without failures, and I have attached the report.",
            "and I have attached the report",
        ),
        ("Please find the invoice enclosed.", "Please find the invoice enclosed"),
        ("Attached is the draft. Please attach your comments.", "Attached is the draft"),
        ("添付書類は3点です。ご査収ください。", "添付書類は3点です"),
    ],
)
def test_announced(text: str, words: str) -> None:
    assert said(f"田中様\n\n{text}\n佐藤") == [words]


@pytest.mark.parametrize(
    "text",
    [
        "今回、添付は不要です。",
        "容量が大きいため添付ではなく、共有フォルダに置きました。",
        "添付いただいた資料を拝見しました。",
        "お送りいただいた添付ファイルを確認しました。",
        "申請書を添付してください。",
        "写真を添付の上、ご返信ください。",
        "添付ファイルの容量は10MBまでです。",
        "資料は後ほど添付してお送りします。",
        "先日添付した資料のとおりです。",
        "ご添付ありがとうございます。",
        "検体に返信用封筒を同封し、本日発送しました。",
        "添付し忘れがないか確認してください。",
        "添付漏れがありました。",
        "I could not open your attachment.",
        "Please attach the signed form.",
        "It is too large to attach.",
        "The plate is attached to the wall.",
        "I will attach it tomorrow.",
        "There is no attachment this time.",
    ],
)
def test_not_announced(text: str) -> None:
    assert said(f"田中様\n\n{text}\n佐藤") == []


@pytest.mark.parametrize("below", ["> 資料を添付します", "-- \n添付のほか\nsato@us.example"])
def test_neither_quotation_nor_signature_counts(below: str) -> None:
    assert said(f"承知しました。\n\n{below}") == []


def test_the_subject_counts_unless_it_is_an_answer() -> None:
    subject = "=?utf-8?b?44CQ5re75LuY44CR6KaL56mN5pu4?="  # 【添付】見積書
    assert said("ご査収ください。", subject=subject)
    assert not said("承知しました。", subject=f"Re: {subject}")


def test_a_file_or_a_link_to_one_is_there() -> None:
    body = "資料を添付いたします。"
    assert findings("absent_attachment", attached(("a.pdf", b"x"), body=body)) == []
    assert said(f"{body}\nhttps://share.us.example/d/8fk2") == []
    assert said(f"{body}\nhttps://www.us.example/") == ["資料を添付いたします"]


def test_what_mail_programs_add_is_no_file() -> None:
    assert findings("absent_attachment", attached(("smime.p7s", b"x"), body="資料を添付いたします。"))


def test_where_the_words_stand() -> None:
    body = "田中様\n分析をお願いしたく、規格書を添付いたします。"
    (finding,) = findings("absent_attachment", plain(body))
    (evidence,) = finding.evidence
    text = body.replace("\n", "\r\n") if evidence.offset > body.index("規格書") else body
    assert text[evidence.offset :].startswith("規格書を添付")


@pytest.mark.parametrize(
    "text",
    [
        "来週の打ち合わせ資料を添付します。",
        "先日のお電話でお話しした見積書を添付いたします。",
        "12月の予定表を添付いたします。",
        "いただいた様式に記入し、添付のうえお送りいたします。",
        "御社向けの見積書を添付いたします。",
        "添付を開いてご確認ください。",
        "詳細は別紙のとおりです。",
        "The minutes of last week's meeting are attached for your reference.",
        "資料を添付します。会議は https://us.zoom.us/j/123 です。",
    ],
)
def test_words_beside_it_do_not_take_the_announcement_back(text: str) -> None:
    assert said(f"田中様\n\n{text}\n佐藤")
