"""What findings say to people."""

import pytest

from config.words import LANGUAGES, Sentence, placeholders
from filters.examined import UNEXAMINABLE
from filters.finding import Finding
from filters.sentences import sentence, sentences


def test_values_are_filled_in_and_a_forgotten_one_is_a_blank(monkeypatch) -> None:
    monkeypatch.setitem(LANGUAGES["ja"].sentences, "rules.sample", "宛先が{count}件{more}")
    counted: Sentence = {"one": "{count} recipient{more}", "other": "{count} recipients{more}"}
    monkeypatch.setitem(LANGUAGES["en"].sentences, "rules.sample", counted)
    finding = Finding("sample", "X", values={"count": "7"})
    assert sentence(finding, "ja") == "宛先が7件"
    assert sentence(finding, "en") == "7 recipients"
    assert sentence(Finding("sample", "X", values={"count": "1"}), "en") == "1 recipient"
    assert sentences([finding, finding], "ja") == ["宛先が7件"]
    assert sentence(Finding("sample", "X"), "ja") == "宛先が件"


def test_a_value_is_said_in_words_only_where_the_sentence_asks_for_it(monkeypatch) -> None:
    """A file may be called like a key of the language files."""
    for language, text in (("ja", "{name}は{what:acts}"), ("en", "{name} has {what:acts}")):
        monkeypatch.setitem(LANGUAGES[language].sentences, "rules.sample", text)
    finding = Finding("sample", "X", values={"name": "macro", "what": "macro\ndde\n社外秘"})
    assert sentence(finding, "ja") == "macroはマクロ、DDE、社外秘"
    assert sentence(finding, "en") == "macro has macro, DDE, 社外秘"


def test_a_word_may_have_values_of_its_own() -> None:
    values = {"why": "impossible", "number": "0120-1"}
    assert sentence(Finding("signature", "", values=values), "en") == (
        "Its signature looks unnatural (0120-1 is not a possible telephone number)"
    )


def test_findings_that_were_stored_with_their_words_keep_them() -> None:
    values = {"name": "a.docm", "what": "マクロ", "what_en": "macro"}
    assert "（マクロ）" in sentence(Finding("macro", "", values=values), "ja")
    assert "(macro)" in sentence(Finding("macro", "", values=values), "en")


def test_every_table_that_a_sentence_names_is_there() -> None:
    for tag, language in LANGUAGES.items():
        for key, text in language.sentences.items():
            for table in {p.partition(":")[2] for p in placeholders(text)} - {""}:
                assert any(k.startswith(f"values.{table}.") for k in language.sentences), (tag, key, table)


def test_a_rule_that_is_gone_still_has_its_name() -> None:
    assert sentence(Finding("gone", "X"), "ja") == "gone"


def test_what_could_not_be_examined_has_a_sentence() -> None:
    assert sentence(Finding(UNEXAMINABLE, ""), "en") == "This mail could not be examined"


@pytest.mark.parametrize(
    ("values", "ja", "en"),
    [
        ({}, "このメールは検査できませんでした", "This mail could not be examined"),
        ({"where": "worker", "why": "time"}, "このメールは検査できませんでした（検査に時間がかかりすぎました）", "This mail could not be examined: it took too long"),
        ({"where": "worker", "why": "crash"}, "このメールは検査できませんでした（検査の途中で問題が起きました）", "This mail could not be examined: the examination failed"),
        ({"where": "rewrite", "why": "RewriteError: {x}"}, "このメールは検査できませんでした（必要な変更を安全に加えられませんでした）", "This mail could not be examined: a required change could not be made safely"),
        ({"where": "some_rule", "why": "ValueError"}, "このメールは検査できませんでした", "This mail could not be examined"),
    ],
)  # fmt: skip
def test_why_a_mail_could_not_be_examined(values: dict[str, str], ja: str, en: str) -> None:
    finding = Finding(UNEXAMINABLE, "", values=values)
    assert (sentence(finding, "ja"), sentence(finding, "en")) == (ja, en)


def test_a_finding_without_any_value_is_a_sentence_too() -> None:
    assert "フリーメール" in sentence(Finding("freemail_sender", "IN-FREEMAIL"), "ja")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("1", "本文"),
        ("header:subject", "件名"),
        ("2/名簿.xlsx/xl/worksheets/sheet1.xml", "名簿.xlsx"),
        ("2/資料.zip/名簿.csv", "資料.zip › 名簿.csv"),
    ],
)
def test_a_sentence_names_the_file_and_not_the_path_of_a_part(where: str, said: str) -> None:
    finding = Finding("person_records", "OUT-PII", values={"count": "6", "where": where})
    assert sentence(finding, "ja") == f"6人分の個人情報（氏名と連絡先など）が含まれています（{said}）"


def test_what_was_stored_before_a_value_existed_reads_as_it_did() -> None:
    finding = Finding("external_recipient", "OUT-DELAY", values={"count": "2"})
    assert sentence(finding, "ja") == "社外の宛先が2件あります"
