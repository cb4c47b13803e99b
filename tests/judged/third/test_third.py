"""Each mail of the third set is one of its own, named as it should be, and can be read again."""

import email
import email.policy
from importlib.util import find_spec

import pytest

from tests.judged import SETS, samples

WRITTEN = [which for which in SETS if find_spec(f"tests.judged.third.{which}")]
BROKEN_ON_PURPOSE = {"evasions"}


@pytest.mark.parametrize("which", WRITTEN)
def test_each_sample_is_a_mail_of_its_own(which: str) -> None:
    """A mistake of the writer would be taken for a fault of the product."""
    names, contents = set(), set()
    for one in samples(which, "third"):
        assert one.name.startswith(f"{which}/third/")
        assert one.name.count("/") == 3
        names.add(one.name)
        contents.add(one.content)
        if which not in BROKEN_ON_PURPOSE:
            parsed = email.message_from_bytes(one.content, policy=email.policy.default)
            assert not parsed.defects, one.name
            assert None not in (parsed["from"], parsed["to"], parsed["subject"]), one.name
    assert len(names) == len(contents) > 20
