"""The third set is what it means to be: whole mails, names of their own, nothing left to fill in."""

import email
import email.policy

import pytest

from tests.judged import samples


@pytest.mark.parametrize(("which", "least"), [("attacks", 110), ("bounces", 50), ("citing", 120)])
def test_what_was_written_can_be_read_again(which: str, least: int) -> None:
    """A mistake of the writer would be taken for a fault of the product."""
    names, kinds = set(), set()
    for one in samples(which, "third"):
        assert one.name not in names
        names.add(one.name)
        kinds.add(one.kind)
        parsed = email.message_from_bytes(one.content, policy=email.policy.default)
        parts = list(parsed.walk())
        assert not any(part.defects for part in parts), one.name
        said = "".join(p.get_content() for p in parts if p.get_content_type() in ("text/plain", "text/html"))
        assert "{" not in str(parsed["subject"]), one.name
        assert not [left for left in ("{link}", "{token}", "{to}", "{host}", "{qr}") if left in said], (
            one.name
        )
    assert len(kinds) >= least


def test_evasions_have_two_payloads_each() -> None:
    """The payload differs, the structure does not."""
    found = list(samples("evasions", "third"))
    assert len({one.name for one in found}) == len(found)
    assert len(found) == 2 * len({one.kind for one in found})
    assert all(one.expects == "warned" for one in found)
