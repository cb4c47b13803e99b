"""The set of missend/ holds what it says: its mistakes are there, each once, and its clean mails are clean."""

import email
import hashlib
import itertools
import re
from collections import Counter
from difflib import SequenceMatcher
from email import policy

import pytest

from tests.filters.outbound.missend import (
    DECIDING,
    DEVELOPMENT,
    FOLDER,
    KINDS,
    TRAPS,
    Case,
    Partner,
    cases,
    company,
    history,
)
from tests.filters.outbound.missend.documents import content
from tests.filters.outbound.missend.history import lines, packed
from tests.filters.outbound.missend.mime import mime

FROZEN = {
    "deciding_hayase.history.jsonl.gz": "5e61e11403663d1c60ffab0f680d40af8983e12b528f928223d95786ea0074ad",
    "deciding_hayase.toml": "13c373480ec98911c32c2ede56fbf87dee35a23f52cb859ff3861a4acfb703b0",
    "deciding_minamo.history.jsonl.gz": "5aa133f0edd9248950b031177b82b2b8e64aa4b896a37a3b15453afd7d50502a",
    "deciding_minamo.toml": "f6fa0834bcf213d4b544ae5ca5976b2d9ec4d3e6bcb724108f831fd18d14e815",
}
"""SHA-256 of each file of the deciding half. A new sum here means that all earlier figures are void: say so."""
COMPANIES = (*DECIDING, *DEVELOPMENT)
ALL = [case for key in COMPANIES for case in cases(key)]
CLEAN = [case for case in ALL if not case.kind]
COURTESY = re.compile(r"お世話|よろしく|お願い|ありがとう|^Dear |^Hi |様$|部$|課$|室$|センター$|です。$")


def mistaken(*kinds: str) -> list[Case]:
    return [case for case in ALL if case.kind in kinds]


def owner(case: Case) -> str:
    return case.key.partition("-")[0]


def domain(address: str) -> str:
    return address.rpartition("@")[2]


def seen(key: str) -> set[str]:
    """All addresses of a company's history."""
    return {a for line in history(key) for a in (line.sender, *line.to, *line.cc, *line.bcc)}


def partners_of(case: Case) -> list[Partner]:
    """Those who get the mail."""
    domains = {domain(address) for address in case.recipients}
    return [partner for partner in company(owner(case)).partners if domains & set(partner.domains)]


def names(partner: Partner, text: str) -> bool:
    """Whether a text names a partner, also by the beginning of its name."""
    short = partner.name.replace("株式会社", "")[:4]
    return short in text or partner.latin.replace(" ", "")[:8] in text.replace(" ", "")


def test_the_kinds_are_counted() -> None:
    development = Counter(case.kind for key in DEVELOPMENT for case in cases(key))
    assert development.pop("") == 43
    assert set(development) == set(KINDS)
    assert all(3 <= count <= 4 for count in development.values())
    deciding = Counter(case.kind for key in DECIDING for case in cases(key))
    assert deciding.pop("") == 150
    assert sum(deciding.values()) == 150
    assert set(deciding) == set(KINDS)
    assert all(12 <= count <= 13 for count in deciding.values())
    assert {case.trap for case in CLEAN} == set(TRAPS)


def test_each_company_has_people_partners_and_a_year() -> None:
    for key in COMPANIES:
        assert len(company(key).people) >= 25
        assert len(company(key).partners) >= 25
        assert company(key).private
        assert company(key).lists
        year = history(key)
        assert 2500 < len(year) < 5000
        assert [line.date for line in year] == sorted(line.date for line in year)
        assert all(line.answers is None or line.answers < number for number, line in enumerate(year))


@pytest.mark.parametrize("key", COMPANIES)
def test_a_history_is_made_again(key: str) -> None:
    assert packed(key) == lines(key)


def test_what_an_explanation_must_name_stands_in_the_mail() -> None:
    for case in ALL:
        files = {file.name for file in case.files}
        assert bool(case.wrong) == bool(case.kind), case.key
        if case.kind == "absent-file":
            assert not files, case.key
            assert all(words in case.text for words in case.wrong), case.key
        elif case.kind == "passphrase":
            assert set(case.wrong) <= set(case.before[-1].line.files), case.key
        elif case.kind in {"hidden-content", "other-partners-file"}:
            assert set(case.wrong) <= files, case.key
        else:
            assert set(case.wrong) <= set(case.recipients), case.key


def test_a_stranger_is_not_in_the_history() -> None:
    for case in mistaken("lookalike", "newcomer", "reply-to"):
        assert not set(case.wrong) & (seen(owner(case)) | company(owner(case)).names().keys()), case.key


def test_a_domain_that_looks_like_another_does() -> None:
    for case in mistaken("lookalike", "reply-to"):
        known = {domain(address) for address in seen(owner(case))}
        for address in case.wrong:
            shown = domain(address).encode().decode("idna")
            assert shown not in known, case.key
            assert max(SequenceMatcher(None, shown, each).ratio() for each in known) > 0.8, case.key


def test_a_namesake_is_another_partners() -> None:
    for case in mistaken("namesake"):
        contacts = [
            (contact, partner) for partner in company(owner(case)).partners for contact in partner.contacts
        ]
        for address in case.wrong:
            ((chosen, own),) = [(c, partner) for c, partner in contacts if c.address == address]
            others = [c for c, partner in contacts if partner != own]
            sounds = {c.kana.split(" ")[0] for c in others if c.kana}
            alike = chosen.surname in {c.surname for c in others} or chosen.kana.split(" ")[0] in sounds
            assert alike, case.key
            assert address in seen(owner(case)), case.key


def test_strangers_were_never_together() -> None:
    for case in mistaken("strangers"):
        apart = {domain(address) for address in case.wrong}
        beside = {domain(address) for address in case.recipients} - apart - {company(owner(case)).domain}
        assert beside, case.key
        for line in history(owner(case)):
            domains = {domain(address) for address in (*line.to, *line.cc)}
            assert not (domains & apart and domains & beside), case.key


def test_another_partners_file_names_it() -> None:
    for case in mistaken("other-partners-file"):
        told = "".join(file.name + file.text for file in case.files if file.name in case.wrong)
        others = [partner for partner in company(owner(case)).partners if partner not in partners_of(case)]
        assert any(names(partner, told) for partner in others), case.key
        assert not any(names(partner, told) for partner in partners_of(case)), case.key


def test_a_grown_thread_has_many_who_were_not_in_it() -> None:
    for case in mistaken("growth"):
        before = {a for each in case.before for a in (*each.line.to, *each.line.cc, each.line.sender)}
        assert not before & set(case.wrong), case.key
        assert len(set(case.recipients) - before) >= 6, case.key


def test_an_answer_goes_where_reply_to_says() -> None:
    for case in mistaken("reply-to"):
        earlier = case.before[-1].line
        assert earlier.reply_to in case.to, case.key
        assert earlier.sender in seen(owner(case)), case.key


def test_documents_hide_only_what_is_meant() -> None:
    for case in ALL:
        hiding = {file.name for file in case.files if file.hidden}
        if case.kind == "hidden-content":
            assert hiding == set(case.wrong), case.key
        else:
            assert not hiding or case.trap == "announced-changes", case.key
        assert all(content(file) for file in case.files)


def test_recipients_of_clean_mail_are_known() -> None:
    for case in CLEAN:
        ours = company(owner(case))
        known = seen(owner(case)) | ours.lists.keys() | {person.address for person in ours.people}
        assert (set(case.recipients) <= known) == (case.trap != "new-partner"), case.key


def test_files_of_clean_mail_are_announced_only_if_they_are_there() -> None:
    announced = [
        case.key for case in CLEAN if re.search(r"添付(?!で|は|に|す?る|できる)|同封|attached", case.text)
    ]
    assert [case.key for case in CLEAN if case.key in announced and not case.files] == []


def test_a_mail_is_what_a_client_writes() -> None:
    for case in ALL:
        mail = email.message_from_bytes(mime(case), policy=policy.default)
        assert mail["From"].addresses[0].addr_spec == case.sender, case.key
        stands = {a.addr_spec for header in ("To", "Cc") if mail[header] for a in mail[header].addresses}
        assert stands == {*case.to, *case.cc}, case.key
        body = mail.get_body(("plain",))
        assert body is not None, case.key
        assert case.text in body.get_content().replace("\r\n", "\n"), case.key
        attached = {part.get_filename() for part in mail.iter_attachments()} - {None}
        assert attached == {file.name for file in case.files}, case.key


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


def test_the_deciding_half_is_frozen() -> None:
    now = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("deciding_*")}
    assert now == FROZEN


def test_the_set_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 1_500_000
