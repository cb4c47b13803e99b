"""The estimate never calls a costly page cheap."""

import pytest

from filters.markup.cost import is_cheap

COSTLY = {
    "deep": "<div>" * 10_001,
    "many ends": "<div>" * 9_000 + "</p>" * 25_000,
    "opened again": "<p>" + "".join(f"<font a={i}>" for i in range(1_000)) + "</p>" + "<p>x" * 1_000,
    "in upper case": "<P>" + "".join(f"<FONT a={i}>" for i in range(1_000)) + "</P>" + "<P>x" * 1_000,
    "told apart by what looks like an end": "".join(f'<font x=">{i}">' for i in range(1_000)) + "<p>x" * 1_000,
    "cut by a quotation": "".join(f"<font x='\"' y=\">{i}\">" for i in range(1_000)) + "<p>x" * 1_000,
    "closed by a": "<a>" + "".join(f"<b a={i}><p>" for i in range(4_000)) + "</a>",
    "attributes": "<a " + " ".join(f"a{i}=1" for i in range(6_000)) + ">",
    "attributes without values": "<a/" + "/".join(f"a{i}" for i in range(6_000)) + ">",
    "attributes on lines": "<a\n" + "\n".join(f"a{i}" for i in range(6_000)) + ">",
    "attributes behind an end that is none": "<a " + " ".join(f'a{i}=">"' for i in range(6_000)) + ">",
    "attributes behind the other quote": "<a " + " ".join(f"a{i}='>\"' b{i}=\">'\"" for i in range(3_000)) + ">",
    "attributes that never end": "<p>x</p><a " + " ".join(f"a{i}" for i in range(6_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", COSTLY)
def test_costly_pages_are_recognised(name: str) -> None:
    assert not is_cheap(COSTLY[name])


@pytest.mark.parametrize(
    "html",
    [
        "",
        "a b=c " * 50_000,
        "<p>" + "word " * 50_000 + "</p>",
        '<tr><td style="font-family:\'A\'"><a href="https://a.example/?b=c&d=e">link</a> <b>bold</b></td></tr>\n' * 1_500,
        '<font face="Arial" color="#333333"><b>x</b></font><br>' * 2_000,
    ],
    ids=["empty", "plain", "long", "newsletter", "old"],
)  # fmt: skip
def test_what_people_send_is_cheap(html: str) -> None:
    assert is_cheap(html)
