"""The third set is what it means to be: whole mails, each one of its own with a name of its own, nothing left to fill in."""

import email
import email.policy
from email.message import EmailMessage
from importlib.util import find_spec

import pytest

from tests.judged import SETS, samples

WRITTEN = [which for which in SETS if find_spec(f"tests.judged.third.{which}")]
BROKEN_ON_PURPOSE = {"evasions"}
KINDS = {"attacks": 110, "bounces": 50, "citing": 120}
"""The sets that are written from templates, and how many kinds each has at least."""


@pytest.mark.parametrize("which", WRITTEN)
def test_each_sample_is_a_mail_of_its_own(which: str) -> None:
    """A mistake of the writer would be taken for a fault of the product."""
    names, contents, kinds = set(), set(), set()
    for one in samples(which, "third"):
        assert one.name.startswith(f"{which}/third/")
        assert one.name.count("/") == 3
        assert one.name not in names
        names.add(one.name)
        contents.add(one.content)
        kinds.add(one.kind)
        if which in BROKEN_ON_PURPOSE:
            assert one.expects == "warned"
        else:
            parsed = email.message_from_bytes(one.content, policy=email.policy.default)
            assert not parsed.defects, one.name
            assert None not in (parsed["from"], parsed["to"], parsed["subject"]), one.name
            if which in KINDS:
                nothing_left_to_fill_in(parsed, one.name)
    assert len(names) == len(contents) > 20
    assert len(kinds) >= KINDS.get(which, 1)
    if which == "evasions":
        assert len(names) == 2 * len(kinds), "the payload differs, the structure does not"


def nothing_left_to_fill_in(parsed: EmailMessage, name: str) -> None:
    parts = list(parsed.walk())
    assert not any(part.defects for part in parts), name
    said = "".join(p.get_content() for p in parts if p.get_content_type() in ("text/plain", "text/html"))
    assert "{" not in str(parsed["subject"]), name
    assert not [left for left in ("{link}", "{token}", "{to}", "{host}", "{qr}") if left in said], name
