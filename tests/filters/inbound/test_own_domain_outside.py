"""IN-AUTH: our own domain from outside."""

from filters.facts import Authentication
from tests.filters.inbound.arriving import look, mail


def test_our_own_domain_from_outside_is_seen() -> None:
    assert look("own_domain_outside", mail(sender="Boss <boss@us.example>"))
    assert look("own_domain_outside", mail(sender="Boss <boss@mail.us.example>"))
    assert look("own_domain_outside", mail(sender="a@x.example, boss@us.example"))


def test_dmarc_vouches_for_our_newsletter_at_a_provider() -> None:
    passed = Authentication(spf="fail", dkim="pass", dkim_domains=("us.example",), dmarc="pass")
    assert not look("own_domain_outside", mail(sender="news@us.example"), authentication=passed)


def test_what_comes_back_from_a_trusted_list_is_ours() -> None:
    back = {"spf": "pass", "dkim": "fail", "dmarc": "fail", "arc": "pass"}
    assert look("own_domain_outside", mail(sender="a@us.example"), authentication=Authentication(**back))
    known = Authentication(**back, forwarder="list.example")
    assert not look("own_domain_outside", mail(sender="a@us.example"), authentication=known)


def test_others_are_not_ours() -> None:
    assert not look("own_domain_outside", mail())
    assert not look("own_domain_outside", mail(sender="a@us.example.evil.top"))
