"""IN-LINK: what strangers share with genuine services."""

import pytest

from config import lists
from filters.inbound.shared_by_stranger import service
from filters.sentences import sentence
from tests.filters.inbound.arriving import look, mail, weight

STRANGER = "info@stranger.example"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://docs.google.com/forms/d/e/1/viewform", "forms"),
        ("https://docs.google.com/document/d/1", "documents"),
        ("https://drive.google.com/file/d/1", "files"),
        ("https://na4.docusign.net/Signing/?a=1", "signing"),
        ("https://partner-my.sharepoint.com/:b:/g/x", "documents"),
        ("https://forms.office.com/r/x", "forms"),
        ("https://www.google.com/search", ""),
        ("https://docs.google.com.evil.example/forms", ""),
        ("https://evildropbox.com/", ""),
    ],
)
def test_services_are_named_by_kind(url: str, kind: str) -> None:
    assert service(url.split("/")[2], url) == kind
    assert bool(look("shared_by_stranger", mail(url, sender=STRANGER))) is bool(kind)


@pytest.mark.parametrize("kind", lists.table("services"))
def test_it_weighs_with_the_theme(kind: str) -> None:
    place = lists.table("services")[kind][0]
    for text, expected in (
        ("資料を共有しました。", 0),
        ("Your package is waiting.", 1),
        ("パスワードの有効期限が切れました。アカウントを更新してください。", 3),
    ):
        raw = mail(f"{text} https://{place}/x", sender=STRANGER)
        assert weight("shared_by_stranger", raw) == expected
    (finding,) = look("shared_by_stranger", raw)
    assert all(place.partition("/")[0] in sentence(finding, language) for language in ("ja", "en"))


def test_those_whom_we_know_may_share() -> None:
    raw = mail("https://drive.google.com/file/d/1", sender=STRANGER)
    assert not look("shared_by_stranger", raw, known=frozenset({STRANGER}))
    assert not look("shared_by_stranger", raw, familiar=frozenset({STRANGER}))
    assert not look("shared_by_stranger", mail("https://drive.google.com/x", sender="sato@us.example"))
    bulk = mail("https://drive.google.com/x", sender=STRANGER, extra="List-Id: <x.example>\r\n")
    assert not look("shared_by_stranger", bulk)
