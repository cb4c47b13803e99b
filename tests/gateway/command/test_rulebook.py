"""The preset `rulebook`: every sentence of the rule books is there, and its own case goes through the checkpoint."""

import base64
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from filters import examples
from filters.detect.register import document, document_index
from filters.examine import run
from filters.examined import Examined
from filters.facts import Person
from filters.rule import REGISTRY
from filters.ruleset import prepare
from gateway.command.rulebook import markdown, preset, sentences, setting
from mail.charset import fold
from mail.compose import applied
from tests.filters.detect.test_identifiers import LICENCE
from tests.filters.mails import SENDER, attached, facts, plain
from tests.filters.outbound.test_registered_data import KEY, PLAN, REGISTERED

CONTROLS = [
    "OUT-DELAY",
    "OUT-BCC",
    "OUT-BODY",
    "OUT-ENCRYPT",
    "OUT-PASSWORD",
    "OUT-APPROVE",
    "OUT-CLASS",
    "OUT-PII",
    "OUT-SECRET",
    "OUT-PRIVATE",
    "OUT-MISSEND",
    "OUT-TLS",
    "OUT-SIGN",
    "OUT-DEVICE",
    "OUT-EXEC",
    "OUT-VIRUS",
    "IN-THEME",
    "IN-FREEMAIL",
    "IN-SIGNATURE",
    "IN-LANGUAGE",
    "IN-LOOKALIKE",
    "IN-LINK",
    "IN-ATTACH",
    "IN-EXEC",
    "IN-SHORTCUT",
    "IN-ICON",
    "IN-DOUBLE-EXT",
    "IN-SPACES",
    "IN-RLO",
    "IN-TYPE",
    "IN-MACRO",
    "IN-CRYPT",
    "IN-AUTH",
    "IN-SPOOF",
    "IN-FIRST",
    "IN-TEXT",
    "IN-WARN",
    "IN-VIRUS",
    "IN-REPORT",
]
POLICY = preset()
LEDGER = document("計画.docx", fold(PLAN).lower(), KEY, of="社外秘", users=("企画部",))
OURS: Any = msgspec.structs.replace(
    POLICY,
    organisation=msgspec.structs.replace(
        POLICY.organisation, domains=("us.example",), group_domains=("sister.example",),
        registered=msgspec.structs.replace(REGISTERED, indexes=(document_index([LEDGER], KEY),)),
    ),
)  # fmt: skip
PREPARED = prepare(OURS)
SATO = Person("sato", "佐藤 一郎", (SENDER,), department="営業部")
PEOPLE = "\n".join(
    f"{name},東京都千代田区丸の内1-{n}-2,03-1234-567{n},a{n}@people.example"
    for n, name in enumerate(("山田 太郎", "鈴木 花子", "高橋 次郎", "田中 三郎", "伊藤 四郎", "渡辺 五郎"))
)


def leaving(raw: bytes, *to: str, **more: Any) -> Examined:
    return run(raw, facts(*to, sender=SATO, **more), PREPARED)


def arriving(raw: bytes, **more: Any) -> Examined:
    return run(raw, facts("user@us.example", direction="inbound", **more), PREPARED)


def approvals(body: str) -> set[str]:
    return set(leaving(attached(("表.txt", body.encode()))).verdict.approvals)


def _seen(rule: str) -> bool:
    return bool(examples.speaking(PREPARED.by_name[rule], examples.letters(rule)[0]))


def _html() -> bool:
    page = b'<html><body><b>Hi</b> <a href="https://www.koyo.example/a">here</a></body></html>'
    raw = (
        plain("x").partition(b"\r\n\r\n")[0].replace(b"text/plain", b"text/html")
        + b"\r\n\r\n"
        + page
        + b"\r\n"
    )
    answer = arriving(raw, known=frozenset({SENDER}))
    (copy,) = answer.copies
    shown = applied(raw, copy.edits)
    text = base64.b64decode(shown.partition(b"\r\n\r\n")[2])
    return b"text/plain" in shown and b"hxxps://www[.]koyo[.]example" in text and copy.kept is not None


def _warned() -> bool:
    speaks, _ = examples.letters("executable")
    mail = examples.mail_of(speaks)
    answer = run(bytes(mail.message.raw), mail.facts, PREPARED)
    return answer.warned and b"X-Sekisho-Warning: yes" in answer.headers


def many() -> Examined:
    to = tuple(f"c{n}@customer{n}.example" for n in range(8))
    return leaving(plain("x", to=", ".join(to)), *to)


CASES: dict[str, Callable[[], bool]] = {
    "ウイルスに感染した": lambda: _seen("infected_mail") and _seen("unscanned_mail"),
    "即時送信": lambda: leaving(plain("x")).verdict.delay == 300
    and leaving(plain("x", to="a@sister.example"), "a@sister.example").verdict.delay == 300,
    "同報メール": lambda: "bcc" in many().verdict.rewrites,
    "メール本文ではなく": lambda: bool(leaving(plain("社外秘の資料です。")).verdict.rejects)
    and bool(leaving(plain(f"運転免許証番号: 第{LICENCE}号")).verdict.rejects),
    "暗号化して送信": lambda: "encrypt" in leaving(attached(("社外秘.txt", "社外秘".encode()))).verdict.rewrites,
    "パスワードは先方と": lambda: leaving(attached(("a.txt", "社外秘".encode()))).copies[0].passphrase_source
    == "generated",
    "社外秘の場合は": lambda: approvals("社外秘") == {"department_head"},
    "極秘の場合は": lambda: approvals("社外秘 極秘") == {"president"},
    "区分する": lambda: bool(leaving(attached(("a.txt", "【グループ外秘】".encode()))).verdict.rejects)
    and not leaving(attached(("a.txt", "【グループ外秘】".encode())), "a@sister.example").verdict.rejects,
    "フォルダに表示": lambda: approvals(PLAN) == {"department_head"},
    "利用者の範囲": lambda: "asset_users"
    in leaving(
        plain(PLAN), "h@us.example", colleagues={"h@us.example": Person("h", addresses=("h@us.example",), department="人事部")}
    ).verdict.holds,
    "個人情報（氏名": lambda: approvals(PEOPLE) == {"president"},
    "マイナンバー": lambda: approvals("マイナンバー 123456789018") == {"president"},
    "認証情報": lambda: bool(leaving(plain("ID: sato\nパスワード: Xy7#kLm9")).verdict.rejects),
    "個人のアドレス": lambda: bool(
        leaving(plain("x", to="sato.88@gmail.com"), "sato.88@gmail.com").verdict.rejects
    ),
    "宛先や宛名誤り": lambda: all(map(_seen, ("mistaken_domain", "other_salutation"))),
    "デジタル署名": lambda: "wrap" in leaving(plain("word " * 300)).verdict.rewrites,
    "への転送": lambda: bool(leaving(plain("x", extra="Auto-Submitted: auto-forwarded\r\nResent-From: a@us.example\r\n")).verdict.rejects),
    "許可されたパソコン": lambda: bool(
        leaving(plain("x").replace(SENDER.encode(), b"other@us.example")).verdict.rejects
    ),
    "偽装されたファイル": lambda: "executable_attachment" in leaving(attached(("a.exe", examples.PROGRAM))).verdict.holds,
    "HTML表示の禁止": _html,
    "参照するなどしない": _warned,
}  # fmt: skip
"""By words of the sentence."""


def test_every_control_of_the_rule_books_is_there_in_order() -> None:
    assert list(dict.fromkeys(each.control for each in sentences())) == CONTROLS


def test_every_setting_exists_and_every_sentence_says_how_it_is_kept() -> None:
    for each in sentences():
        assert each.by or each.also or each.lacks, each.said
        for key in each.keys:
            setting(POLICY, key)
        for rule in each.rules:
            assert REGISTRY[rule].control == each.control or each.control in (
                "OUT-PII",
                "IN-WARN",
                "IN-REPORT",
                "OUT-MISSEND",
            ), rule


def test_a_control_is_not_called_missing_that_has_rules() -> None:
    """Whoever builds what a sentence lacks says so in config/lists/rulebook.toml."""
    with_rules = {rule.control for rule in REGISTRY.values()}
    assert not [each.control for each in sentences() if not each.by and each.control in with_rules]


@pytest.mark.parametrize("words", CASES)
def test_the_case_of_a_sentence_goes_as_it_says(words: str) -> None:
    (sentence,) = [each for each in sentences() if words in each.said]
    assert CASES[words](), sentence.said


@pytest.mark.parametrize("control", [c for c in CONTROLS if c.startswith("IN-")])
def test_each_sign_is_seen_in_its_example(control: str) -> None:
    for rule in {rule for each in sentences() if each.control == control for rule in each.rules}:
        assert examples.speaking(PREPARED.by_name[rule], examples.letters(rule)[0]), rule


def test_every_sentence_that_leaving_mail_can_show_has_its_case() -> None:
    shown = [each for each in sentences() if each.control.startswith("OUT-") and each.by]
    assert [each.said for each in shown if not any(words in each.said for words in CASES)] == []


def test_the_document_shows_what_the_preset_changes() -> None:
    text = markdown()
    assert "| `arriving.html` | `text` | `keep` |" in text
    assert re.search(r"\| `rules\.external_recipient\.then` \| `delay 5m` \|  \|", text)
    assert "Not built yet: S/MIME signatures." in text
    assert "Also: [scanner] in sekisho.toml: ClamAV's daemon" in text
