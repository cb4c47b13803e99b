"""IN-LINK: words that ask for a scan."""

import pytest

from tests.filters.extract.pictures import code, saved
from tests.filters.inbound.arriving import look, mail, weight

PICTURE = {"image001.png": b"\x89PNG\r\n\x1a\n"}


@pytest.mark.parametrize(
    "text",
    [
        "下記のQRコードを読み取り、手続きを完了してください。",
        "スマートフォンでＱＲコードをスキャンしてください。",
        "二次元コードを読み取ってログインしてください。",
        "カメラで次のQRコードを開いてください。",
        "Please scan the QR code below to keep your password.",
        "Use your phone's camera to open the code: scan the code to verify.",
        "The QR code must be scanned with your mobile device.",
    ],
)
def test_a_request_with_a_picture(text: str) -> None:
    assert weight("scan_request", mail(text, files=PICTURE)) == 2
    assert weight("scan_request", mail("", html=f"<p>{text}</p><img src='https://x.example/a.png'>")) == 2
    assert not look("scan_request", mail(text))


@pytest.mark.parametrize(
    "text",
    [
        "スキャンした契約書をお送りします。",
        "QRコードの印刷位置を修正しました。デザインをご確認ください。",
        "バーコードリーダーの見積書を添付します。",
        "We will scan the contract and return it.",
        "The virus scan found nothing. The code review is on Monday.",
    ],
)
def test_ordinary_mails(text: str) -> None:
    assert not look("scan_request", mail(text, files=PICTURE))


def test_a_code_that_leads_to_the_author_is_not_a_trap() -> None:
    picture = saved(code("https://www.koyo-denki.example/event"))
    assert not look(
        "scan_request", mail("QRコードを読み取ってお申し込みください。", files={"a.png": picture})
    )
