"""Trust in a sender: who it is for, what it does to a warning, and what it needs."""

from config.policy import Policy, RulePolicy, Warn
from filters.examine import run
from filters.facts import Authentication, Facts, Origin
from filters.listing import Listing
from filters.ruleset import prepare
from mail.envelope import Envelope, ForwardPath
from tests.filters.inbound.arriving import TO, US, archive, look, mail

SENDER = "Koyo <info@koyo.example>"
PASSED = Authentication(spf="pass", spf_domain="mail.koyo.example", dkim="none")
TRUST = (Listing("allow", "domain", "koyo.example"),)
MINE = (Listing("allow", "address", "info@koyo.example", (TO,)),)
LURE = "至急、パスワードを http://203.0.113.7/login で確認してください。"


def test_it_needs_proof_that_the_author_is_who_is_trusted() -> None:
    raw = mail(sender=SENDER)
    assert look("trusted_sender", raw, listed=TRUST, authentication=PASSED)
    assert not look("trusted_sender", raw, listed=TRUST)
    other = Authentication(spf="pass", spf_domain="evil.example")
    assert not look("trusted_sender", raw, listed=TRUST, authentication=other)
    two = mail(sender="info@koyo.example, a@evil.example")
    assert not look("trusted_sender", two, listed=TRUST, authentication=PASSED)
    assert not look("trusted_sender", raw, listed=(Listing("block", "domain", "koyo.example"),))


def _examined(raw: bytes, listed: tuple[Listing, ...]) -> list[bool]:
    policy = Policy(organisation=US, warn=Warn(warn_at=3), rules={"executable": RulePolicy("warn")})
    paths = (ForwardPath(TO), ForwardPath("other@us.example"))
    facts = Facts(
        "inbound", Origin("mx", "192.0.2.1"), Envelope("", paths), authentication=PASSED, listed=listed
    )
    copies = run(raw, facts, prepare(policy)).copies
    banners = {i: "banner" in copy.verdict.rewrites for copy in copies for i in copy.recipients}
    return [banners[0], banners[1]]


def test_who_trusts_is_not_warned_and_the_others_are() -> None:
    raw = mail(LURE, sender=SENDER)
    assert _examined(raw, ()) == [True, True]
    assert _examined(raw, MINE) == [False, True]
    assert _examined(raw, TRUST) == [False, False]


def test_files_warn_whoever_sent_them() -> None:
    files = {"請求書.zip": archive({"invoice.pdf.exe": b"MZ" + bytes(200)})}
    assert _examined(mail("資料です。", sender=SENDER, files=files), TRUST) == [True, True]


def test_a_trusted_name_in_the_reverse_path_lends_nothing_to_another_author() -> None:
    """Entries are looked up by the envelope too, for the block list; anybody can write a trusted domain there."""
    evil = Authentication(spf="fail", spf_domain="koyo.example", dkim="pass", dkim_domains=("evil.example",))
    raw = mail(sender="Koyo <info@evil.example>")
    assert not look("trusted_sender", raw, listed=TRUST, authentication=evil, reverse_path="x@koyo.example")
    assert not look("trusted_sender", raw, listed=MINE, authentication=evil)
