"""The set of missend/ holds what it says: its mistakes are there, each once, and its clean mails are clean."""

import email
import hashlib
import itertools
import re
from collections import Counter
from email import policy

import pytest

from tests.filters.outbound.missend import (
    DECIDING,
    DEVELOPMENT,
    FOLDER,
    KINDS,
    TRAPS,
    Case,
    cases,
    company,
    history,
)
from tests.filters.outbound.missend.documents import content
from tests.filters.outbound.missend.history import lines, packed
from tests.filters.outbound.missend.mime import mime

FROZEN: dict[str, str] = {}
COMPANIES = (*DEVELOPMENT, "hayase")
ALL = [case for key in COMPANIES for case in cases(key)]
CLEAN = [case for case in ALL if not case.kind]
COURTESY = re.compile(
    r"お世話|よろしく|お願い|ありがとう|^Dear |^Hi |^株式会社|様$|部$|課$|室$|センター$|です。$"
)


def wrong(*kinds: str) -> list[Case]:
    return [case for case in ALL if case.kind in kinds]


def ids(case: Case) -> str:
    return case.key


def seen(key: str) -> set[str]:
    """All addresses of a company's history."""
    return {a for line in history(key) for a in (line.sender, *line.to, *line.cc, *line.bcc)}


def owner(case: Case) -> str:
    return case.key.partition("-")[0]


def outside(case: Case) -> set[str]:
    domain = "@" + company(owner(case)).domain
    return {address for address in case.recipients if not address.endswith(domain)}


def test_the_kinds_are_counted() -> None:
    development = Counter(case.kind for key in DEVELOPMENT for case in cases(key))
    assert development.pop("") == 40
    assert set(development) == set(KINDS)
    assert all(3 <= count <= 4 for count in development.values())
    assert {case.trap for case in CLEAN} == set(TRAPS)
    assert {case.trap for case in ALL if case.kind} == {""}


@pytest.mark.parametrize("case", ALL, ids=ids)
def test_what_an_explanation_must_name_stands_in_the_mail(case: Case) -> None:
    files = {file.name for file in case.files}
    if not case.kind:
        assert not case.wrong
    elif case.kind == "absent-file":
        assert not files
        assert all(words in case.text for words in case.wrong)
    elif case.kind == "passphrase":
        assert set(case.wrong) <= set(case.before[-1].line.files)
    elif case.kind in {"hidden-content", "other-partners-file"}:
        assert set(case.wrong) <= files
    else:
        assert case.wrong
        assert set(case.wrong) <= set(case.recipients)


@pytest.mark.parametrize("case", wrong("lookalike", "newcomer", "reply-to"), ids=ids)
def test_a_stranger_is_not_in_the_history(case: Case) -> None:
    assert not set(case.wrong) & (seen(owner(case)) | company(owner(case)).names().keys())


@pytest.mark.parametrize("case", wrong("namesake"), ids=ids)
def test_a_namesake_is_another_partners(case: Case) -> None:
    contacts = [(c, p) for p in company(owner(case)).partners for c in p.contacts]
    for address in case.wrong:
        ((chosen, partner),) = [(c, p) for c, p in contacts if c.address == address]
        others = [c for c, p in contacts if p != partner]
        sounds = {c.kana.split(" ")[0] for c in others if c.kana}
        assert chosen.surname in {c.surname for c in others} or chosen.kana.split(" ")[0] in sounds
        assert address in seen(owner(case))


@pytest.mark.parametrize("case", wrong("strangers"), ids=ids)
def test_strangers_were_never_together(case: Case) -> None:
    apart = {address.rpartition("@")[2] for address in case.wrong}
    beside = {address.rpartition("@")[2] for address in outside(case)} - apart
    assert beside
    for line in history(owner(case)):
        domains = {address.rpartition("@")[2] for address in (*line.to, *line.cc)}
        assert not (domains & apart and domains & beside)


@pytest.mark.parametrize("case", wrong("growth"), ids=ids)
def test_a_grown_thread_has_many_who_were_not_in_it(case: Case) -> None:
    before = {
        address
        for earlier in case.before
        for address in (*earlier.line.to, *earlier.line.cc, earlier.line.sender)
    }
    assert not before & set(case.wrong)
    assert len(set(case.recipients) - before) >= 6


@pytest.mark.parametrize("case", wrong("reply-to"), ids=ids)
def test_an_answer_goes_where_reply_to_says(case: Case) -> None:
    earlier = case.before[-1].line
    assert earlier.reply_to in case.to
    assert earlier.sender in seen(owner(case))


@pytest.mark.parametrize("case", ALL, ids=ids)
def test_documents_hide_only_what_is_meant(case: Case) -> None:
    hiding = {file.name for file in case.files if file.hidden}
    if case.kind == "hidden-content":
        assert hiding == set(case.wrong)
    else:
        assert not hiding or case.trap == "announced-changes"
    for file in case.files:
        assert content(file)


@pytest.mark.parametrize("case", CLEAN, ids=ids)
def test_recipients_of_clean_mail_are_known(case: Case) -> None:
    known = (
        seen(owner(case))
        | company(owner(case)).lists.keys()
        | {p.address for p in company(owner(case)).people}
    )
    if case.trap != "new-partner":
        assert set(case.recipients) <= known


@pytest.mark.parametrize("case", ALL, ids=ids)
def test_a_mail_is_what_a_client_writes(case: Case) -> None:
    mail = email.message_from_bytes(mime(case), policy=policy.default)
    assert mail["From"].addresses[0].addr_spec == case.sender
    stands = {a.addr_spec for header in ("To", "Cc") if mail[header] for a in mail[header].addresses}
    assert stands == {*case.to, *case.cc}
    body = mail.get_body(("plain",))
    assert body is not None
    assert case.text in body.get_content().replace("\r\n", "\n")
    assert {part.get_filename() for part in mail.iter_attachments()} - {None} == {
        file.name for file in case.files
    }


def test_no_two_texts_are_alike() -> None:
    grams = {case.key: {case.text[n : n + 4] for n in range(len(case.text) - 3)} for case in ALL}
    for (one, left), (other, right) in itertools.combinations(grams.items(), 2):
        assert len(left & right) < 0.4 * min(len(left), len(right)) + 4, (one, other)


def test_no_sentence_stands_twice() -> None:
    sentences = Counter(
        sentence
        for case in ALL
        for sentence in {part.strip() for part in re.split(r"(?<=[。？！?!])|\n", case.text)}
        if len(sentence) > 10 and not COURTESY.search(sentence)
    )
    assert [sentence for sentence, count in sentences.items() if count > 1] == []


@pytest.mark.parametrize("key", COMPANIES)
def test_a_history_is_a_year_and_is_made_again(key: str) -> None:
    year = history(key)
    assert 2500 < len(year) < 5000
    assert [line.date for line in year] == sorted(line.date for line in year)
    assert packed(key) == lines(key)


@pytest.mark.parametrize("name", FROZEN)
def test_the_deciding_half_is_frozen(name: str) -> None:
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == FROZEN[name]


def test_the_set_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 1_500_000
    assert not set(DECIDING) & set(DEVELOPMENT)
