"""The tree and the walk through it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from selectolax.lexbor import LexborNode

from filters.markup import dom
from filters.markup.dom import Document, TooCostly, Walker, conditional


class Steps(Walker):
    def __init__(self, left_out: str = "") -> None:
        self.steps: list[str] = []
        self.left_out = left_out

    def start(self, tag: str, attributes: Mapping[str, str]) -> bool:
        self.steps.append(f"<{tag}{''.join(f' {k}={v}' for k, v in attributes.items())}>")
        return tag != self.left_out

    def end(self, tag: str) -> None:
        self.steps.append(f"</{tag}>")

    def text(self, data: str) -> None:
        self.steps.append(data)

    def comment(self, data: str) -> None:
        self.steps.append(f"!{data}")


def steps(html: str, left_out: str = "") -> str:
    walker = Steps(left_out)
    walker.walk(Document(html))
    return "".join(walker.steps)


def test_every_node_once_in_order_and_every_element_is_closed() -> None:
    assert steps("<!--a--><!doctype html><p class=x hidden>1<b>2</b><br>3</p><!--b-->") == (
        "!a<html><head></head><body><p class=x hidden=>1<b>2</b><br></br>3</p>!b</body></html>"
    )
    assert steps("<p>x</html><!--after-->").endswith("</html>!after")
    assert steps("") == "<html><head></head><body></body></html>"


def test_templates_hold_what_they_hold() -> None:
    assert "<template><p>x<template>y</template></p></template>z" in steps(
        "<p><template><p>x<template>y</template></template>z"
    )


def test_templates_of_svg_are_elements_like_others() -> None:
    assert "<foreign:template><g>x</g></foreign:template>" in steps("<svg><template><g>x")


def test_what_is_left_out_has_no_end() -> None:
    assert steps("<p>1<b>2<i>3</i></b>4</p>", "b").endswith("<p>1<b>4</p></body></html>")


def test_depth_does_not_matter() -> None:
    assert steps("<b>" * 5_000 + "x").count("</b>") == 5_000


def test_half_characters_are_read() -> None:
    assert "a?b" in steps("a\ud800b")


def test_the_base_is_that_of_the_first_element_that_has_one() -> None:
    assert Document("<base target=x><base href=' http://a/ '><base href=http://b/>").base == "http://a/"
    assert Document("<p>database").base == ""


def test_a_page_of_frames_has_no_body() -> None:
    assert Document("<frameset><frame src=x>").body is None
    assert Document("x").body is not None


def test_costly_pages_are_read_only_where_somebody_watches() -> None:
    costly = "<div>" * 20_000
    with pytest.raises(TooCostly):
        Document(costly)
    asked: list[int] = []

    @contextmanager
    def watch(size: int) -> Iterator[None]:
        asked.append(size)
        yield

    dom.guard(watch)
    try:
        Document(costly)
        Document("あ")
    finally:
        dom.guard(None)
    assert asked == [100_000, 3]


@pytest.mark.parametrize(
    ("comment", "html"),
    [
        ("[if mso]>x<![endif]", "x<![endif]"),
        ("[if (gte mso 9)|(IE)]><p>x<![endif]", "<p>x<![endif]"),
        ("[ IF mso ]>x", "x"),
        ("[if !mso]><!", ""),
        ("[if mso]", ""),
        ("[endif]", ""),
        ("<![endif]", ""),
        ("if [mso]>x", ""),
        ("", ""),
    ],
)
def test_what_outlook_shows_of_a_comment(comment: str, html: str) -> None:
    assert conditional(comment) == html


def test_a_tree_is_walked_once_for_all_its_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[str] = []
    walk = dom._walk

    def watched(node: LexborNode | None) -> Iterator[list[dom.Step]]:
        for some in walk(node):
            walked.extend(step[1] for step in some)
            yield some

    monkeypatch.setattr(dom, "_walk", watched)
    document = Document("<p>a<b>c</b></p>")
    first, second, inside = Steps(), Steps("b"), document.size
    first.walk(document)
    second.walk(document)
    assert len(walked) == inside == 12
    assert "".join(first.steps) == "<html><head></head><body><p>a<b>c</b></p></body></html>"
    assert "".join(second.steps) == "<html><head></head><body><p>a<b></p></body></html>"


def test_a_huge_tree_is_walked_again_and_nothing_of_it_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dom, "KEPT", 5)
    monkeypatch.setattr(dom, "SOME", 2)
    document = Document("<p>a<b>c</b></p><!--d-->")
    for _ in range(2):
        walker = Steps()
        walker.walk(document)
        assert "".join(walker.steps) == "<html><head></head><body><p>a<b>c</b></p>!d</body></html>"
    assert document.size == 5
    assert Document("").size == 5, "as many as are kept are too many"
