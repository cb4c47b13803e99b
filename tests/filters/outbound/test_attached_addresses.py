"""OUT-BCC: attendees and business cards."""

import pytest

from tests.filters.mails import attached, findings, plain


def meeting(*attendees: str) -> str:
    lines = "".join(f"ATTENDEE;CN=x:mailto:{a}\n" for a in attendees)
    return (
        f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nORGANIZER:mailto:sato@us.example\n{lines}END:VEVENT\nEND:VCALENDAR\n"
    )


SIX = tuple(f"p{n}@d{n % 2}.example" for n in range(6))
THREE = tuple(f"p{n}@d{n}.example" for n in range(3))


@pytest.mark.parametrize(
    ("attendees", "hit"),
    [(SIX, True), (SIX[:5], False), (THREE, True), (THREE[:2], False), (("a@sister.example",) * 9, False)],
)
def test_thresholds(attendees: tuple[str, ...], hit: bool) -> None:
    assert bool(findings("attached_addresses", attached(("invite.ics", meeting(*attendees).encode())))) is hit


def test_an_invitation_beside_the_text_counts_like_a_file() -> None:
    raw = plain(meeting(*SIX)).replace(b"text/plain", b"text/calendar; method=REQUEST")
    (found,) = findings("attached_addresses", raw)
    assert found.values == {"what": "calendar", "count": "6", "domains": "2"}


def test_cards_in_one_file() -> None:
    cards = "".join(f"BEGIN:VCARD\nFN:x\nEMAIL;TYPE=WORK:{a}\nEND:VCARD\n" for a in THREE).encode()
    (found,) = findings("attached_addresses", attached(("people.vcf", cards)))
    assert found.values["what"] == "card"
