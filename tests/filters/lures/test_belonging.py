"""Whether author, name and links belong together."""

import pytest

from filters.facts import Authentication
from filters.lures.belonging import (
    is_discussion,
    is_disposable,
    is_made_up,
    is_verified,
    is_vouched_for,
    leads_elsewhere,
    leads_home,
    name_fits,
    related,
)
from filters.rule import Mail
from tests.filters.inbound.arriving import arrived, mail

PASS = Authentication(dmarc="pass")


def seen(*hosts: str, sender: str = "Koyo <info@koyo-denki.example>", **facts: object) -> Mail:
    html = "".join(f'<a href="https://{host}/">Open</a>' for host in hosts)
    return arrived(mail("", html=f"<p>Hello</p>{html}", sender=sender), **facts)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("mail.shop.example", "www.shop.example", True),
        ("email.slackhq.com", "slack.com", True),
        ("amazon.co.jp", "amazon.com", True),
        ("hoshino-group.example", "hoshino.example", True),
        ("hoshino.example", "hoshino-login.example", False),
        ("a.example", "b.example", False),
    ],
)
def test_related_hosts(one: str, other: str, expected: bool) -> None:
    assert related(one, other) is expected
    assert related(other, one) is expected


@pytest.mark.parametrize(
    "host",
    [
        "account-verify.example",
        "hr-portal-notice.com",
        "secureloginupdate.com",
        "x.chase-securemsg.com",
        "kyufukin-shinsei.net",
        "xyz-kaiin-koushin.com",
        "dhl-zustellung-gebuehr.com",
        "colis-livraison-suivi.com",
        "cuenta-cliente-verificacion.es",
        "rimborso-fattura.net",
    ],
)
def test_names_put_together_to_look_official(host: str) -> None:
    assert is_made_up(host)


@pytest.mark.parametrize(
    "host",
    [
        "account.microsoft.com",
        "smbc-card.com",
        "list-manage.com",
        "docs.example",
        "mueller-online.de",
        "payments.example",
        "st-marys-hospital.org",
        "abc-system.com",
        "tokyo-access.example",
        "kita-kanto-express.com",
        "blue-digital-staff.com",
        "paket-zentrum.de",
        "banca-sella.it",
        "carte-bancaire.com",
        "hoken-madoguchi.co.jp",
        "nippon-express-holdings.com",
        "jp-post.jp",
        "kaitori-oukoku.jp",
        "hikkoshi-samurai.jp",
        "bosch-home.com",
        "schwaebisch-hall.de",
        "credit-agricole.fr",
        "caixa-geral.pt",
    ],
)
def test_names_of_organisations(host: str) -> None:
    assert not is_made_up(host)


def test_disposable_hosts() -> None:
    assert is_disposable("x.pages.dev")
    assert is_disposable("shop.top")
    assert not is_disposable("www.koyo-denki.example")


def test_links_that_lead_home() -> None:
    assert leads_home(seen("www.koyo-denki.example"))
    assert leads_home(seen("www.koyo-denki.example", "www.facebook.com", "x.list-manage.com"))
    assert not leads_home(seen("www.koyo-denki.example", "elsewhere.example"))
    assert not leads_home(seen("www.koyo-denki.example", "storage.googleapis.com"))
    assert not leads_home(seen("shop.top", sender="a@shop.top"))
    assert not leads_home(seen())


def test_somebody_must_vouch_for_the_author() -> None:
    home = "www.koyo-denki.example"
    assert not leads_home(seen(home, reverse_path="x@elsewhere.example"))
    assert leads_home(seen(home, reverse_path="x@elsewhere.example", authentication=PASS))
    assert leads_home(seen(home, reverse_path="x@u1.sendgrid.net"))
    assert not leads_home(seen(home, authentication=Authentication(dmarc="fail")))
    assert not is_verified(seen(home))
    assert is_verified(
        seen(home, authentication=Authentication(dkim="pass", dkim_domains=("koyo-denki.example",)))
    )
    assert not is_verified(
        seen(home, authentication=Authentication(dkim="pass", dkim_domains=("other.example",)))
    )
    assert is_vouched_for(seen(home))


def test_links_that_lead_elsewhere() -> None:
    assert leads_elsewhere(seen("a.example").incoming)
    assert not leads_elsewhere(seen("a.example", "koyo-denki.example").incoming)
    assert not leads_elsewhere(seen("x.list-manage.com").incoming)
    assert not leads_elsewhere(seen().incoming)


def test_names_and_addresses() -> None:
    assert name_fits(seen("a.example").incoming)
    assert not name_fits(seen("a.example", sender="Canvas Prints <x@b.example>").incoming)
    assert name_fits(seen("canvas.example", sender="Canvas Prints <x@b.example>").incoming)


def test_discussions() -> None:
    listed = "List-Id: <x.example>\r\n"
    assert is_discussion(arrived(mail(extra=listed)).incoming)
    assert not is_discussion(arrived(mail(html="<p>x</p>", extra=listed)).incoming)
    assert not is_discussion(arrived(mail()).incoming)
