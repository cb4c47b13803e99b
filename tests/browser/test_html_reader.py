"""The law of the HTML reader: what it finds is what a browser's parser finds (scripting off), construct by construct.

Links (where they lead, what stands on them) and visible text of Chromium's DOMParser and of filters.markup are equal, over
constructs that blinded readers before and over random compositions of them (seeded: a find is told by its number). What
the rewriters write is read alike by both as well, and has no element that they do not write.
"""

import random
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from playwright.async_api import Page as Tab

from filters.markup.page import UNSEEN, read_html
from filters.rewriters.cleaned import Cleaned
from filters.rewriters.written_page import ELEMENTS

pytestmark = pytest.mark.asyncio(loop_scope="session")

READ = """([pages, unseen]) => pages.map(html => {
  const tree = new DOMParser().parseFromString(html, 'text/html');
  const hidden = node => { for (; node; node = node.parentElement) if (unseen.includes(node.localName)) return true; return false; };
  const text = root => {
    let out = '';
    const walk = tree.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (!hidden(walk.currentNode.parentElement)) out += walk.currentNode.data;
    return out.replace(/[\\s\\u00a0\\ufeff]+/g, '');
  };
  const links = [...tree.querySelectorAll('*')].filter(e => e.localName === 'a')
    .map(a => [(a.getAttribute('href') || a.getAttribute('xlink:href') || '').trim(), text(a)]).filter(l => l[0]);
  return {links, text: tree.documentElement ? text(tree.documentElement) : '', tags: [...new Set([...tree.querySelectorAll('*')].map(e => e.localName))]};
})"""

LINK = "<a href='http://e.top/?a=1&amp;b=2'>go</a>"
CONSTRUCTS = {
    "comment closed at once": f"<!-->{LINK}", "comment closed by three": f"<!--->{LINK}", "comment closed by --!>": f"<!-- x --!>{LINK}",
    "comment in a comment": f"<!-- a <!-- b -->{LINK}", "comment that ends in dashes": f"<!-- a --- -->{LINK}", "comment never closed": f"x<!-- {LINK}",
    "comment with a lesser end": f"<!-- a --!b -->{LINK}", "comment of a dash": f"<!-{LINK}>{LINK}",
    "style in svg": f"<svg><style>{LINK}</style></svg>{LINK}", "style in svg, left by p": f"<svg><style><p>{LINK}", "title in svg": f"<svg><title>{LINK}",
    "svg left by a table": f"<svg><table>{LINK}", "desc in svg": f"<svg><desc>{LINK}</svg>{LINK}", "script in svg": f"<svg><script>{LINK}</script>{LINK}",
    "foreignObject": f"<svg><foreignObject><p>{LINK}</foreignObject>{LINK}</svg>", "link of svg": "<svg><a xlink:href=http://e.top><text>x</text></a></svg>",
    "style in math": f"<math><style>{LINK}</style></math>{LINK}", "mtext": f"<math><mtext>{LINK}</mtext></math>", "annotation": f"<math><annotation-xml encoding='text/html'><p>{LINK}",
    "mglyph": f"<math><mtext><mglyph><style>{LINK}</style></mglyph>{LINK}", "mi and table": f"<math><mi><table><mglyph><style><!--</style>{LINK}-->",
    "noscript": f"<noscript>{LINK}</noscript>", "noscript in head": f"<head><noscript>{LINK}</noscript>", "noscript with a comment": f"<noscript><!--</noscript>{LINK}-->",
    "template": f"<template>{LINK}</template>x", "template in a table": f"<table><template><tr><td>{LINK}</template><td>x", "template never closed": f"<template>{LINK}",
    "template in math": f"<math><template>{LINK}</template></math>", "template in svg": f"<svg><template><template>{LINK}",
    "textarea": f"<textarea>{LINK}</textarea>{LINK}", "textarea never closed": f"<textarea>{LINK}", "title": f"<title>{LINK}</title>{LINK}", "title in the body": f"<p><title>{LINK}</title>x",
    "plaintext": f"x<plaintext>{LINK}</plaintext>{LINK}", "xmp": f"<xmp>{LINK}</xmp>{LINK}", "listing": f"<listing>\n{LINK}</listing>",
    "iframe": f"<iframe>{LINK}</iframe>{LINK}", "iframe with srcdoc": f"<iframe srcdoc=\"{LINK}\"></iframe>x", "noembed": f"<noembed>{LINK}</noembed>{LINK}", "noframes": f"<noframes>{LINK}</noframes>{LINK}",
    "style": f"<style>{LINK}</style>{LINK}", "style with a comment": f"<style><!--</style>{LINK}--></style>", "script": f"<script>{LINK}</script>{LINK}",
    "script escaped twice": f"<script><!--<script></script>{LINK}--></script>{LINK}", "script with half an end": f"<script></script {LINK}></script>{LINK}",
    "CDATA": f"<![CDATA[{LINK}]]>{LINK}", "CDATA in svg": f"<svg><![CDATA[{LINK}]]></svg>{LINK}", "CDATA closed by >": f"<![CDATA[ x > y ]]>{LINK}",
    "bogus <!": f"<!x {LINK}", "bogus <?": f"<?x {LINK}?>{LINK}", "bogus </": f"</ x>{LINK}", "bogus </>": f"</>{LINK}", "bogus <%": f"<% x %>{LINK}", "bogus <3": f"<3 {LINK}",
    "doctype in the middle": f"x<!doctype html>{LINK}", "doctype with a quotation": f"<!doctype html public '>{LINK}'>{LINK}",
    "attributes without quotes": "<a href=http://e.top/a'b\"c>x</a>", "attribute that ends at a slash": "<a href=http://e.top/>x</a>", "blanks around =": "<a href \n = \t http://e.top>x",
    "attribute names with quotes": "<a \"href='http://f.top' href='http://e.top'>x", "equals in front": "<a =href=http://e.top>x", "no blank between": "<a title='x'href='http://e.top'>x",
    "duplicate attributes": "<a href=http://e.top HREF=http://f.top>x", "tag in a value": "<a title='<a href=http://f.top>' href=http://e.top>x", "value never closed": "x<a href='http://e.top>x</a>",
    "end tag with attributes": "<a href=http://e.top>x</a href=http://f.top>y", "tag never closed": "x<a href=http://e.top", "slashes": "<a/href='http://e.top'/>x</a>",
    "NUL in text": f"a\0b{LINK}", "NUL in a tag": "<a\0 href=http://e.top>x</a>y", "NUL in a name": "<a hr\0ef=http://e.top>x</a>", "NUL in a value": "<a href=http://e\0.top>x</a>", "NUL in a comment": f"<!-\0->{LINK}-->",
    "form feed": "<a\fhref=http://e.top\f>x</a>", "vertical tab": "<a\vhref=http://e.top>x</a>", "line ends": "<a\r\nhref='http://e.top/\r\nx'>x</a>",
    "entities without semicolons": "<a href='?a&copy=1&lt=2&amp;b'>&ltb&gt &copy &notit; &#65 &#x42; &#0; &#128; &#x110000; &AMP</a>", "entity in a scheme": "<a href='&#106avascript&colon;x'>x</a>",
    "UTF-7": "+ADw-a href=http://e.top+AD4-x+ADw-/a+AD4-", "byte order mark": f"\ufeff{LINK}", "half characters": "x\ufffdy", "full width": "＜a href=http://e.top＞x",
    "text in a table": f"<table>a<tr>b<td>c</td>d{LINK}</table>", "link around rows": "<table><a href=http://e.top><tr><td>x</a>", "link around a table": "<a href=http://a.top>1<table><td><a href=http://e.top>2</a></table>3",
    "form in a form": f"<form action=a><form action=b>{LINK}</form>{LINK}</form>", "form in a table": f"<table><form><tr><td>{LINK}", "link in a link": "<a href=http://a.top>1<a href=http://e.top>2",
    "link closed by a paragraph": "<p><a href=http://e.top>1<p>2</a>3", "link that crosses": "<b><a href=http://e.top>1</b>2</a>3", "link left open in a cell": "<table><td><a href=http://e.top>1</table>2",
    "unclosed everything": "<div><p><b><i><a href=http://e.top><table><tr><td><ul><li><h1>x", "wrong ends": f"</p></br></div></table></body></html>{LINK}", "after the end": f"<html><body>x</body></html>{LINK}",
    "heading in a heading": f"<h1><h2>{LINK}", "list items": f"<ul><li>{LINK}<li>x</ul><dl><dt>a<dd>{LINK}</dl>", "paragraph in a button": f"<p><button><p>{LINK}",
    "select": f"<select><option>{LINK}<option>x</select>{LINK}", "select left by a table": f"<select><table><tr><td>{LINK}", "select in a select": f"<select><select>{LINK}", "input in a select": f"<select><input>{LINK}",
    "frameset": f"<frameset><frame src=x>{LINK}</frameset>", "frameset after text": f"x<frameset><frame src=x></frameset>{LINK}", "frameset after a space": f" <frameset><noframes>{LINK}</noframes></frameset>",
    "head in the body": f"<p>x<head><base href=http://f.top>{LINK}", "body twice": f"<body a=b>x<body a=c>{LINK}", "html twice": f"x<html lang=ja>{LINK}", "col in the open": f"<col><caption>{LINK}",
    "ruby": f"<ruby>漢<rt>かん<rp>)</rp>{LINK}</ruby>", "nobr": f"<nobr>a<nobr>{LINK}", "marquee": f"<marquee><a href=x>1</marquee>{LINK}", "object": f"<object><a href=x>1</object>{LINK}", "image": f"<image>{LINK}",
    "isindex": f"<isindex prompt=x>{LINK}", "keygen": f"<keygen>{LINK}", "menuitem": f"<menuitem>{LINK}", "details": f"<details><summary>a</summary>{LINK}</details>", "dialog": f"<dialog>{LINK}</dialog>",
    "pre and a line end": f"<pre>\n\n{LINK}</pre>", "noah's ark": "<p>" + "<b>" * 5 + f"x</p>{LINK}", "formatting opened again": f"<p><b><i><u>x</p>{LINK}<p>y", "conditional": f"<!--[if mso]>{LINK}<![endif]-->x", "revealed": f"<![if !mso]>{LINK}<![endif]>",
}  # fmt: skip
PIECES = [
    "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<i>", "<font color=red>", "</font>", "<a href=http://a.top>", "<a href='http://b.top'>", "</a>", "<table>", "<tr>", "<td>", "</td>", "</table>",
    "<caption>", "<tbody>", "<col>", "<ul>", "<li>", "</ul>", "<h1>", "</h2>", "<pre>", "\n", "<form>", "</form>", "<button>", "</button>", "<select>", "<option>", "</select>", "<svg>", "</svg>", "<style>", "</style>",
    "<math>", "<mi>", "</math>", "<foreignObject>", "<title>", "</title>", "<desc>", "<textarea>", "</textarea>", "<template>", "</template>", "<noscript>", "</noscript>", "<script>", "</script>", "<xmp>", "</xmp>", "<iframe>",
    "</iframe>", "<!--", "-->", "--!>", "<!-->", "<!--->", "<![CDATA[", "]]>", "<!x", "<?x", "</ ", ">", "<", "'", '"', "=", " ", "/", "&lt", "&amp;", "&", "\0", "x", "y z", "漢字", "<br>", "<hr>", "<img alt=x>", "<input>", "<nobr>",
    "<marquee>", "</marquee>", "<object>", "</object>", "<dl>", "<dt>", "<dd>", "<ruby>", "<rt>", "<frameset>", "<body>", "</body>", "<head>", "</html>", "<html>", "<noembed>", "</noembed>", "<p title='", "<a title=\"",
    "<annotation-xml encoding=text/html>", "<mtext>", "<mglyph>", "<center>", "<listing>", "<datalist>", "</datalist>", "<a/href=x>", "<a xlink:href=y>",
]  # fmt: skip
RANDOM = 600


def composed(number: int) -> str:
    """The composition of this number: the same on every machine."""
    chance = random.Random(number)
    return "".join(chance.choice(PIECES) for _ in range(chance.randint(2, 30)))


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Tab]:
    page = await browser.new_page()
    yield page
    await page.close()


async def browsed(tab: Tab, pages: list[str]) -> list[dict[str, Any]]:
    found = await tab.evaluate(READ, [pages, sorted(UNSEEN - {"template"})])
    return list(found)


def bare(text: str) -> str:
    """Without blanks; and without what Chromium, unlike the standard, makes of a NUL behind a "<" in a text."""
    return "".join(re.sub("[\ufeff\ufffd\xa0]", "", text).split())


def ours(html: str) -> tuple[list[tuple[str, str]], str]:
    page = read_html(html)
    links = [(bare(link.target), bare(link.shown)) for link in page.links if link.kind == "a"]
    return sorted(links), bare(page.text)


def theirs(found: dict[str, Any]) -> tuple[list[tuple[str, str]], str]:
    return sorted((bare(target), bare(shown)) for target, shown in found["links"]), bare(found["text"])


def unlike(pages: dict[str, str], found: list[dict[str, Any]]) -> list[str]:
    """The pages that the two read in different ways, with what each read."""
    return [
        f"{name}: {html!r}\n   browser {theirs(each)}\n   reader  {ours(html)}"
        for (name, html), each in zip(pages.items(), found, strict=True)
        if theirs(each) != ours(html)
    ]


async def test_every_construct_is_read_as_a_browser_reads_it(tab: Tab) -> None:
    # to a browser a page in a frame is a document of its own: it is asked for that one
    pages = {k: v for k, v in CONSTRUCTS.items() if k not in ("conditional", "iframe with srcdoc")}
    wrong = unlike(pages, await browsed(tab, list(pages.values())))
    assert not wrong, "\n".join(wrong)
    (framed,) = await browsed(tab, [LINK])
    assert ours(CONSTRUCTS["iframe with srcdoc"]) == (theirs(framed)[0], "x")


async def test_compositions_are_read_as_a_browser_reads_them(tab: Tab) -> None:
    pages = {f"composed({n})": composed(n) for n in range(RANDOM)}
    wrong = unlike(pages, await browsed(tab, list(pages.values())))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("links", ["keep", "defang"])
async def test_what_we_write_is_read_alike_and_has_only_what_we_write(tab: Tab, links: str) -> None:
    sources = {**CONSTRUCTS, **{f"composed({n})": composed(n) for n in range(RANDOM)}}
    pages = {name: Cleaned(html, links).document() for name, html in sources.items()}
    found = await browsed(tab, list(pages.values()))
    wrong = unlike(pages, found)
    assert not wrong, "\n".join(wrong)
    allowed = ELEMENTS | {"html", "head", "body", "meta", "style"}
    assert not {tag for each in found for tag in each["tags"]} - allowed
