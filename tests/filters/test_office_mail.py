"""Ordinary mail: nothing that every office writes is stopped when it leaves, or warned of when it arrives (shipped policy)."""

import msgspec
import pytest

from config.consequence import UNTIL_RELEASED
from config.load import shipped
from config.policy import Organisation
from filters.examine import run
from filters.examined import Examined
from filters.facts import Authentication, Facts, Origin, Person
from filters.ruleset import prepare
from mail.envelope import Envelope, ForwardPath
from tests.filters.office_mail import KINDS, NOTICES, arriving, leaving

US, THEM = "sato@us.example", "hanako@midori.example"
PREPARED = prepare(
    msgspec.structs.replace(
        shipped(),
        organisation=Organisation(
            name="株式会社わたしたち", domains=("us.example",), classes=shipped().organisation.classes
        ),
    )
)


def outgoing(raw: bytes) -> Examined:
    facts = Facts(
        "outbound", Origin("submission", "192.0.2.1", login="sato"), Envelope(US, (ForwardPath(THEM),)),
        sender=Person("sato", "佐藤 由紀", (US,)), known=frozenset({THEM}), fresh_passphrase="7KQM-X2RD-94TB-WPHE-3CJY",
        mail_id="m", now=1_795_000_000.0, day="2026-11-17",
    )  # fmt: skip
    return run(raw, facts, PREPARED)


def incoming(raw: bytes, *, stranger: bool, author: str = THEM, proved: bool = True) -> Examined:
    known, domain = frozenset() if stranger else frozenset({author}), author.partition("@")[2]
    said = Authentication(spf="none", spf_domain=domain, dkim="none", dmarc="none")
    if proved:
        said = Authentication(
            spf="pass", spf_domain=domain, dkim="pass", dkim_domains=(domain,), dmarc="pass", dmarc_policy="none"
        )  # fmt: skip
    facts = Facts(
        "inbound", Origin("mx", "198.51.100.7", helo=f"mail.{domain}"), Envelope(author, (ForwardPath(US),)),
        authentication=said, known=known, familiar=known, mail_id="m", now=1_795_000_000.0,
    )  # fmt: skip
    return run(raw, facts, PREPARED)


def test_there_are_enough_kinds() -> None:
    assert len(KINDS) >= 60


@pytest.mark.parametrize(("kind", "raw"), list(leaving()), ids=[k for k, _ in leaving()])
def test_it_leaves(kind: str, raw: bytes) -> None:
    seen = outgoing(raw)
    verdict = seen.verdict
    asks = verdict.rejects | verdict.holds | verdict.approvals | verdict.reviews
    assert not asks, [(f.rule, f.values) for f in seen.findings]
    assert verdict.delay < UNTIL_RELEASED


@pytest.mark.parametrize(
    ("stranger", "proved"),
    [(False, True), (True, True), (True, False)],
    ids=["known", "stranger", "unproved"],
)
@pytest.mark.parametrize(("kind", "raw"), list(arriving()), ids=list(KINDS))
def test_it_arrives_without_a_warning(kind: str, raw: bytes, stranger: bool, proved: bool) -> None:
    seen = incoming(raw, stranger=stranger, proved=proved)
    assert not seen.warned, [(f.rule, f.weight, f.values) for f in seen.findings if f.weight]
    assert not seen.verdict.holds | seen.verdict.rejects, [(f.rule, f.values) for f in seen.findings]


@pytest.mark.parametrize("kind", NOTICES)
@pytest.mark.parametrize("proved", [True, False])
def test_a_notice_of_a_service_arrives_without_a_warning(kind: str, proved: bool) -> None:
    author, made = NOTICES[kind]
    seen = incoming(made(author, US), stranger=True, author=author, proved=proved)
    assert not seen.warned, [(f.rule, f.weight, f.values) for f in seen.findings if f.weight]
    assert not seen.verdict.holds | seen.verdict.rejects


def test_what_is_none_of_them_is_warned_of() -> None:
    """The same way, so that the silence above means something."""
    lure = NOTICES["chat"][1]("security@teams-account.example", US).replace(
        b"https://teams.microsoft.com/l/message/19:abc/1", b"http://203.0.113.7/login"
    )
    words = "アカウントのパスワードが本日失効します。24時間以内に確認してください。".encode()
    lure = lure.replace("花子さんがチャットにメッセージを送信しました。".encode(), words)
    assert incoming(lure, stranger=True, author="security@teams-account.example").warned
