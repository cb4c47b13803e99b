"""Every format with every datum is found by the whole checkpoint, and its clean twin is not (README.md)."""

from collections.abc import Callable

import msgspec
import pytest

from config.policy import Policy
from filters.extract import Budget, extract
from tests.filters.extract.formats_of_text import FORMATS, LABELLED, with_members
from tests.filters.mails import ORGANISATION, attached, examined, policy

DATA = {
    "mark": ("この資料は社外秘です", "この資料は社外向けです"),
    "my number": ("マイナンバー: 1234 5678 9018", "受付番号: 1234 5678 9017"),
    "card": ("カード 4111-1111-1111-1111", "伝票 4111-1111-1111-1112"),
}
"""Name -> (text with the datum, its clean twin)."""
ADDRESSES = [f"person{n}@customer{n}.example" for n in range(12)]
UNREADABLE = {"one"}
"""Formats of which only runs of text are read: found, and reported as unsupported all the same."""


def content_rules(name: str, content: bytes) -> set[str]:
    """The checkpoint's findings about what the file contains."""
    rules = {f.rule for f in examined(attached((f"資料.{name}", content))).findings}
    assert "unexaminable" not in rules
    return rules & {"confidential_attachment", "class_approval", "personal_identifier"}


@pytest.mark.parametrize("datum", DATA)
@pytest.mark.parametrize("name", FORMATS)
def test_found_and_its_twin_is_not(name: str, datum: str) -> None:
    text, twin = DATA[datum]
    assert content_rules(name, FORMATS[name](text)), name
    assert not content_rules(name, FORMATS[name](twin)), name


@pytest.mark.parametrize("name", LABELLED)
def test_a_sensitivity_label_is_a_mark(name: str) -> None:
    content = LABELLED[name]("社外秘")
    assert content_rules(name, content)
    (label,) = [s for s in extract(f"a.{name}", "", content, Budget()).signs if s.name == "label"]
    assert label.quote == "社外秘"
    assert not content_rules(name, LABELLED[name]("一般"))


@pytest.mark.parametrize("case", [str, str.upper])
def test_a_label_that_is_nothing_but_a_guid(case: Callable[[str], str]) -> None:
    guid = "0a1b2c3d-1111-2222-3333-444455556666"
    classes = tuple(
        msgspec.structs.replace(c, labels=(guid,) if c.name == "社外秘" else ()) for c in ORGANISATION.classes
    )
    scheme = msgspec.structs.replace(
        policy(), organisation=msgspec.structs.replace(ORGANISATION, classes=classes)
    )
    label = (
        f'<l:labelList xmlns:l="x"><l:label id="{{{case(guid)}}}" enabled="1" removed="%d"/></l:labelList>'
    )

    def found(removed: int, scheme: Policy) -> set[str]:
        content = with_members(
            FORMATS["docx"]("x"), **{"docMetadata/LabelInfo.xml": (label % removed).encode()}
        )
        return {f.rule for f in examined(attached(("a.docx", content)), rules=scheme).findings}

    assert "confidential_attachment" in found(0, scheme) - found(1, scheme)
    assert found(0, policy()) == found(1, scheme)


@pytest.mark.parametrize("name", [n for n in FORMATS if "title" not in n and "header" not in n])
def test_a_list_of_addresses_comes_out_whole(name: str) -> None:
    found = extract(f"a.{name}", "", FORMATS[name]("\n".join(ADDRESSES)), Budget())
    text = "\n".join(t for _, t in found.texts)
    assert [a for a in ADDRESSES if a not in text] == []


@pytest.mark.parametrize("name", FORMATS)
def test_the_verdict_is_ok(name: str) -> None:
    found = extract(f"a.{name}", "", FORMATS[name]("本文"), Budget())
    assert found.verdict == ("unsupported" if name in UNREADABLE else "ok"), found.why
