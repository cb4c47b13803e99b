"""What is asked of each sealed half (fifth, sixth): its mails are of their own and can be read again."""

import email
import email.policy
from collections.abc import Sequence
from email.message import EmailMessage

from tests.judged import Half, Sample

LEFT = ("{link}", "{token}", "{digits}", "{to}", "{host}", "{domain}", "[[", "]]", "[=", "{qr}")


def each_is_of_its_own(which: str, half: Half, found: Sequence[Sample], least: int) -> None:
    """A mistake of the writer would be taken for a fault of the product."""
    assert len({one.name for one in found}) == len({one.content for one in found}) == len(found)
    assert all(one.name.startswith(f"{which}/{half}/") and one.name.count("/") == 3 for one in found)
    assert len({one.kind for one in found}) >= least


def _said(part: EmailMessage) -> str:
    """The text of a part, whatever its label says: innocent programs have unknown ones, too."""
    try:
        return str(part.get_content())
    except LookupError:
        return part.get_payload(decode=True).decode("latin-1")  # type: ignore[union-attr]


def each_can_be_read(which: str, found: Sequence[Sample]) -> None:
    """Nothing of a mail is named here: only its number."""
    for number, one in enumerate(found):
        parsed = email.message_from_bytes(one.content, policy=email.policy.default)
        shown = f"{which}, sample {number}"
        assert None not in (parsed["from"], parsed["to"], parsed["subject"]), shown
        parts = list(parsed.walk())
        assert not any(part.defects for part in parts), shown
        text = "".join(_said(p) for p in parts if p.get_content_type() in ("text/plain", "text/html"))
        assert not any(left in text or left in parsed["subject"] for left in LEFT), shown
