"""IN-THEME: a charge or an alarm about which the reader shall call."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight

STRANGER = "Billing <billing@stranger.example>"


@pytest.mark.parametrize(
    "text",
    [
        "Your plan was renewed for $429.00. To cancel call +1 (808) 555-0143.",
        "Order 8841, USD 310. We cannot stop the order by mail; for a refund ring (888) 555-0190.",
        "自動更新により 39,800円 を決済いたしました。キャンセルは 050-5555-0143 までお電話ください。",
        "Wir haben 389,00 EUR abgebucht. Stornieren: rufen Sie +49 30 5550 143 an.",
        "Un prélèvement de 289 € aura lieu demain. Pour annuler, appelez le 01 55 50 01 43 12.",
        "Se ha realizado un cargo de 319 EUR. Si no autorizó el pago, llame al +34 911 555 014.",
        "Uma compra de 899 EUR foi aprovada. Não reconhece? Para cancelar ligue +351 21 555 0143.",
        "Er is € 249 afgeschreven. Annuleren? Bel 085 555 0143.",
    ],
)
def test_a_stranger_names_the_number_for_it(text: str) -> None:
    (finding,) = look("call_about_charge", mail(text, sender=STRANGER))
    assert finding.weight == 4
    assert finding.values["number"]
    assert finding.evidence


@pytest.mark.parametrize("domain", ["paypal.com", "notification.intuit.com", "docusign.net", "google.com"])
def test_in_the_mail_of_a_service_it_is_a_strangers(domain: str) -> None:
    text = (
        "Note: your account was used to buy BTC for $500. Not you? Contact the fraud team at 1-855-555-0143."
    )
    assert weight("call_about_charge", mail(text, sender=f"Service <service@{domain}>")) == 5


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your order of $40.00. Our telephone: +1 808 555 0143.",
        "ご注文 12,000円 を承りました。\n\n株式会社白鳥商会\nTEL 03-5555-0143",
        "Invoice 4410, EUR 400, is due in 30 days.\n\nKind regards\nT +44 20 7946 0143",
        "Please call me about the cancelled meeting: +44 20 7946 0143.",
        "Your card 4111 1111 1111 1111 was used for the order, $12.",
    ],
)
def test_others_pass(text: str) -> None:
    assert not look("call_about_charge", mail(text, sender=STRANGER))


def test_registered_companies_hours_and_whom_we_know() -> None:
    text = "会費 1,980円 を決済しました。お心当たりのない場合は 03-5555-0143 までお電話ください。"
    assert weight("call_about_charge", mail(text, sender="会員窓口 <info@stranger.co.jp>")) == 2
    hours = text + "受付時間 平日9:00〜17:00"
    assert weight("call_about_charge", mail(hours, sender=STRANGER)) == 2
    assert not look("call_about_charge", mail(text, sender="Amazon <info@amazon.co.jp>"))
    assert not look("call_about_charge", mail(text), known=frozenset({"tanaka@koyo-denki.example"}))
