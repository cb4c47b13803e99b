"""OUT-BODY in subject and body."""

import base64

import pytest

from filters.verdict import Disposition
from tests.filters.mails import attached, examined, findings, plain


@pytest.mark.parametrize(
    "raw",
    [
        plain("この件は社外秘です。"),
        plain("x", subject="【極秘】新製品"),
        plain(
            "x", subject="=?iso-2022-jp?b?" + base64.b64encode("極秘".encode("iso2022_jp")).decode() + "?="
        ),
        plain("カードは 4111-1111-1111-1111 です"),
        plain("マイナンバーは１２３４ ５６７８ ９０１８です"),
        plain("<p>社<b>外</b>秘</p>").replace(b"text/plain", b"text/html"),
    ],
)
def test_found_and_refused(raw: bytes) -> None:
    assert len(findings("confidential_body", raw)) == 1
    assert examined(raw).verdict.disposition is Disposition.REJECT


@pytest.mark.parametrize(
    "raw",
    [
        plain("社外秘ではありません。"),
        plain("壊れやすい品です。取扱注意でお届けください。"),
        plain("お預かりした書類は厳秘に取り扱います。"),
        plain("見積りです。\n\nThis e-mail is confidential and meant for its addressee.\nCONFIDENTIAL"),
        plain("了解です。\n> 社外秘の件"),
        attached(("a.txt", "社外秘".encode())),
        plain("電話 03-1234-5678、注文番号 4111111111111112"),
    ],
)
def test_not_found(raw: bytes) -> None:
    assert findings("confidential_body", raw) == []


def test_among_colleagues_it_is_no_reason_to_refuse() -> None:
    assert (
        examined(plain("社外秘です", to="b@us.example"), "b@us.example").verdict.disposition
        is Disposition.DELIVER
    )


def test_one_outsider_refuses_the_whole_mail() -> None:
    answer = examined(plain("社外秘です"), "b@us.example", "c@partner.example")
    assert answer.verdict.rejects == {"confidential_body"}
