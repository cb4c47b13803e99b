"""Why a file cannot be read: a closed set, in words; nothing else about it reaches people."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.words import LANGUAGES, placeholders
from filters.extract import Budget, extract
from filters.extract.reason import Reason, Stop
from filters.extract.sample import samples
from filters.finding import Finding
from filters.sentences import sentence
from tests.filters.mails import attached, examined

ROOT = Path(__file__).parents[3]
RULES = {
    "limit": "oversized_attachment",
    "corrupt": "corrupt_attachment",
    "unsupported": "unsupported_attachment",
}
"""The rules that give a reason, by its verdict."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words_and_nothing_else_has(language: str) -> None:
    table = "values.reason."
    sentences = LANGUAGES[language].sentences
    words = {key.removeprefix(table): text for key, text in sentences.items() if key.startswith(table)}
    assert set(words) == {*Reason, "unlisted"}
    assert len(set(words.values())) == len(words)


def test_every_reason_is_given_by_some_reader() -> None:
    source = "".join(file.read_text() for file in (ROOT / "filters").rglob("*.py"))
    given_by_some = {Reason[name] for name in re.findall(r"\bReason\.([A-Z_]+)\b", source)}
    assert given_by_some == set(Reason)


def test_a_stop_says_its_verdict_and_keeps_the_detail_for_operators() -> None:
    stop = Stop(Reason.CUT_OFF, "zip: cut off")
    assert (stop.verdict, stop.reason, str(stop)) == ("corrupt", "cut_off", "zip: cut off")
    assert str(Stop(Reason.PASSWORD)) == "password"
    assert {reason.verdict for reason in Reason} == {"limit", "corrupt", "encrypted", "unsupported"}


def test_the_reason_belongs_to_the_verdict() -> None:
    """A file that has two is described by the one that decided."""
    files = {"a.bin": bytes(range(1, 256)) * 9, "b.zip": samples()["a.zip"][:-30]}
    content = zipped(files)
    found = extract("a.zip", "", content, Budget())
    assert (found.verdict, found.reason) == ("corrupt", Reason.MALFORMED)
    assert found.why
    whole = extract("a.txt", "", b"hello", Budget())
    assert (whole.verdict, whole.reason, whole.why) == ("ok", "", "")


def zipped(files: dict[str, bytes]) -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_shows_why_without_its_words(language: str) -> None:
    for key, text in LANGUAGES[language].sentences.items():
        if key.startswith("rules.") and key != "rules.unexaminable_why":  # that one is given words
            assert "why" not in placeholders(text), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", ["zip: BadZipFile", "", "limit"])
def test_what_was_stored_before_there_were_reasons_is_not_shown_as_it_is(language: str, why: str) -> None:
    words = str(LANGUAGES[language].sentences["values.reason.unlisted"])
    for rule in RULES.values():
        said = sentence(Finding(rule, "", values={"name": "a.zip", "why": why}), language)
        assert words in said
        assert not why or why not in said.replace("limits", "")


FILES = sorted(samples())


@given(st.sampled_from(FILES), st.integers(0, 2_000), st.binary(max_size=3), st.booleans())
def test_damaged_files_are_told_in_words(name: str, at: int, junk: bytes, cut: bool) -> None:
    """Whatever a reader says about a damaged file, people read a sentence of their language."""
    content = samples()[name]
    at %= len(content)
    content = content[:at] + junk + (b"" if cut else content[at + len(junk) :])
    seen = examined(attached(("添付.dat", content))).findings
    for finding in seen:
        if finding.rule not in RULES.values():
            continue
        reason = Reason(finding.values["why"])
        assert RULES[reason.verdict] == finding.rule
        for language in LANGUAGES:
            said = sentence(finding, language)
            assert str(LANGUAGES[language].sentences[f"values.reason.{reason}"]) in said
        japanese = sentence(finding, "ja").replace("添付.dat", "")
        assert not re.search(r"[A-Za-z]", japanese), japanese
