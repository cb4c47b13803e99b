"""OUT-BCC: what quoted headers show to those who are written to now."""

from tests.filters.mails import attached, findings, plain
from tests.filters.outbound.test_many_external import people

QUOTED = "転送します。\n\n差出人: 田中\n宛先: {}\n件名: 資料"


def test_thresholds() -> None:
    assert not findings("quoted_addresses", plain(QUOTED.format(people(5, 2))))
    (found,) = findings("quoted_addresses", plain(QUOTED.format(people(6, 2))))
    assert found.values == {"count": "6", "domains": "2"}
    assert findings("quoted_addresses", plain(QUOTED.format(people(3, 3))))
    assert not findings(
        "quoted_addresses", plain(QUOTED.format("a@us.example, b@sister.example, c@x.us.example"))
    )
    assert not findings(
        "quoted_addresses", plain(QUOTED.format(people(3, 3))), exempt_domains=("d0.example",)
    )


def test_who_is_addressed_here_knows_of_it_unless_they_are_to_be_hidden() -> None:
    two = people(2, 2)
    assert not findings("quoted_addresses", plain(QUOTED.format(f"{two}, c@three.example"), to=two))
    six = people(6, 3)
    assert findings("quoted_addresses", plain(QUOTED.format(six), to=six)), "as Bcc it would still be shown"


def test_a_mail_in_a_file_is_read_too() -> None:
    inner = (
        b"From: x@us.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\n"
        + QUOTED.format(people(6, 3)).encode()
    )
    assert findings("quoted_addresses", attached(("mail.eml", inner)))


def test_an_attached_mail_shows_them_as_well() -> None:
    """Forwarded as a file: To and Cc of one mail count together, its From does not."""
    earlier = (
        "From: a@one.example\nTo: b@two.example, c@three.example\nCc: d@four.example, e@five.example\n"
        "Subject: x\n\nhello\n"
    )
    (found,) = findings("quoted_addresses", attached(("earlier.eml", earlier.encode())))
    assert found.values == {"count": "4", "domains": "4"}
    fewer = earlier.replace(", c@three.example", "").replace(", e@five.example", "")
    assert not findings("quoted_addresses", attached(("earlier.eml", fewer.encode())))
