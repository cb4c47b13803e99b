"""IN-LINK: genuine sign-in pages that hand the mailbox to somebody."""

import pytest

from tests.filters.inbound.arriving import look, mail, weight

BACK = "https%3A%2F%2Fcal-share.example.net%2Fcb"
MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=4e1a&response_type=code"
GOOGLE = "https://accounts.google.com/o/oauth2/v2/auth?client_id=1.apps&response_type=code"


@pytest.mark.parametrize(
    "link",
    [
        f"{MICROSOFT}&redirect_uri={BACK}&scope=Mail.ReadWrite%20offline_access",
        f"{MICROSOFT}&redirect_uri={BACK}&scope=openid",
        f"{MICROSOFT}&scope=https%3A%2F%2Fgraph.microsoft.com%2FMail.Send",
        f"{GOOGLE}&redirect_uri={BACK}&scope=https://mail.google.com/",
        f"https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id=9&redirect_uri={BACK}",
        "https://microsoft.com/devicelogin",
        "https://www.google.com/device",
    ],
)
def test_consent_to_others_weighs_as_a_warning_whoever_writes(link: str) -> None:
    raw = mail(f"予定表を共有しました。承認してください。\n{link}")
    for known in (frozenset[str](), frozenset({"tanaka@koyo-denki.example"})):
        (finding,) = look("consent_link", raw, known=known)
        assert finding.weight == 5
        assert finding.values["host"]


@pytest.mark.parametrize(
    "link",
    [
        "https://login.microsoftonline.com/",
        "https://www.example.com/docs/oauth2/authorize?page=2",
        f"{MICROSOFT}&redirect_uri=https%3A%2F%2Fwww.office.com%2F&scope=openid",
        f"{MICROSOFT}&redirect_uri=https%3A%2F%2Fsso.us.example%2Fcb&scope=Mail.Read",
        f"{MICROSOFT}&scope=openid",
    ],
)
def test_other_sign_in_pages_say_nothing(link: str) -> None:
    assert not look("consent_link", mail(f"こちらです。\n{link}"))


def test_an_application_of_the_authors_own_weighs_less() -> None:
    link = f"{MICROSOFT}&redirect_uri=https%3A%2F%2Fapp.koyo-denki.example%2Fcb"
    assert weight("consent_link", mail(f"こちらから登録できます。\n{link}&scope=openid")) == 2
    assert weight("consent_link", mail(f"こちらから登録できます。\n{link}&scope=Mail.Read")) == 5
