"""Marks of classes (極秘, 社外秘) as people put them, and disclaimers and mentions that are none.

`expects` is "極秘", "社外秘" or "none". A doubt that begins with "class" doubts only which of the two.
"""

from collections.abc import Callable, Iterator
from html import escape

from tests.judged import Half, Sample
from tests.judged.files import docx, pdf, xlsx
from tests.judged.mime import File, file, mail
from tests.judged.people import Town, data

HELLO = "いつもお世話になっております。\n資料をお送りします。ご確認のほど、よろしくお願いいたします。\n\n佐藤"
LETTER = "Dear all,\n\nplease find the material below.\nThe next meeting is on Thursday.\n\nKind regards\nYuki Sato"
BOX = '<html><body><div style="border:2px solid red;color:red">{}</div><p>資料をお送りします。</p></body></html>'

Place = Callable[[str, str], bytes]  # a mark in its brackets, and what the mail is about


def _with(one: File, topic: str) -> bytes:
    return mail(f"{topic}の送付", HELLO, files=[one])


def _sheet(topic: str) -> tuple[str, list[list[str | int | float | None]]]:
    return topic, [["項目", "金額"], ["材料", 120], ["加工", 80]]


PLACES: dict[Half, dict[str, Place]] = {
    "development": {
        "subject": lambda mark, topic: mail(f"{mark}{topic}について", HELLO),
        "body-alone": lambda mark, topic: mail(topic, f"{mark}\n\n{HELLO}"),
        "body-end": lambda mark, topic: mail(topic, f"{LETTER}\n\n{mark}\n"),
        "body-heading": lambda mark, topic: mail(topic, f"{HELLO}\n\n{mark} {topic}\n1. 概要\n2. 費用\n"),
        "html-box": lambda mark, topic: mail(
            topic, f"{mark}\n資料をお送りします。", html=BOX.format(escape(mark))
        ),
        "name": lambda mark, topic: _with(file(f"{mark}_{topic}.xlsx", xlsx(_sheet(topic))), topic),
        "name-end": lambda mark, topic: _with(
            file(f"{topic}_{mark}.pdf", pdf(["概要", "来月の予定"])), topic
        ),
        "txt-first": lambda mark, topic: _with(file("memo.txt", f"{mark}\n{topic}\n本文です。\n"), topic),
        "docx-header": lambda mark, topic: _with(file("a.docx", docx([topic, "本文"], header=mark)), topic),
        "docx-title": lambda mark, topic: _with(file("a.docx", docx([topic], keywords=mark)), topic),
        "xlsx-cell": lambda mark, topic: _with(
            file("b.xlsx", xlsx((topic, [[mark, None], ["計", 10]]))), topic
        ),
        "pdf-line": lambda mark, topic: _with(file("c.pdf", pdf([mark, topic, "1 はじめに"])), topic),
    },
    "deciding": {
        "subject-end": lambda mark, topic: mail(f"{topic}の件 {mark}", HELLO),
        "subject": lambda mark, topic: mail(f"{mark} {topic}", LETTER),
        "body-after-greeting": lambda mark, topic: mail(topic, f"各位\n\n{mark}\n\n{HELLO}"),
        "body-right": lambda mark, topic: mail(topic, f"{' ' * 40}{mark}\n{topic}\n\n{HELLO}"),
        "html-table": lambda mark, topic: mail(
            topic,
            "HTML",
            html=f"<table><tr><td>{topic}</td><td><b>{escape(mark)}</b></td></tr></table><p>本文</p>",
        ),
        "name": lambda mark, topic: _with(file(f"{topic}_{mark}_v2.docx", docx([topic, "本文"])), topic),
        "name-first": lambda mark, topic: _with(file(f"{mark}_{topic}.csv", "項目,金額\n材料,120\n"), topic),
        "txt-last": lambda mark, topic: _with(file("notes.txt", f"{topic}\n本文です。\n\n{mark}\n"), topic),
        "docx-footer": lambda mark, topic: _with(file("d.docx", docx([topic, "本文"], footer=mark)), topic),
        "docx-stamp": lambda mark, topic: _with(file("d.docx", docx([topic, "本文"], box=mark)), topic),
        "docx-cell": lambda mark, topic: _with(
            file("d.docx", docx([topic], rows=[["区分", mark], ["版", "2"]])), topic
        ),
        "xlsx-header": lambda mark, topic: _with(file("e.xlsx", xlsx(_sheet(topic), header=mark)), topic),
        "xlsx-footer": lambda mark, topic: _with(file("e.xlsx", xlsx(_sheet(topic), footer=mark)), topic),
        "xlsx-sheet-name": lambda mark, topic: _with(file("e.xlsx", xlsx((_named(mark), [[1, 2]]))), topic),
        "xlsx-title": lambda mark, topic: _with(file("e.xlsx", xlsx(_sheet(topic), title=mark)), topic),
        "pdf-stamp": lambda mark, topic: _with(file("f.pdf", pdf([topic, "1 はじめに"], stamp=mark)), topic),
        "pdf-title": lambda mark, topic: _with(file("f.pdf", pdf([topic], title=f"{mark} {topic}")), topic),
        "csv-first": lambda mark, topic: _with(file("g.csv", f"{mark},,\n項目,金額,\n材料,120,\n"), topic),
    },
}
# `/\:*?"<>|` and square brackets cannot stand in a name
_BARE = str.maketrans("", "", '<>|[]*?/\\:"')


def _named(mark: str) -> str:
    return mark.translate(_BARE).strip()


def _split(word: str) -> tuple[str, str, str]:
    text, cls, doubt = (*word.split(" | "), "")[:3]
    return text, cls, doubt


def _marks(half: Half) -> Iterator[Sample]:
    lists, town = data("marks", half), Town(half, "marks")
    words = [_split(word) for word in lists["words"]]
    number = 0
    for place, put in PLACES[half].items():
        for turn in range(11):
            text, cls, doubt = words[(number * 7 + turn) % len(words)]
            wrap = town.draw.choice(lists["wraps"])
            if wrap == "{}" and place.startswith("subject"):
                wrap = "【{}】"  # bare before a topic is a phrase, not a mark
            mark = wrap.format(text)
            if place.startswith("name") or place == "xlsx-sheet-name":
                mark = _named(mark)
            if text in ("秘密", "機密") and mark == text and place in ("body-heading", "pdf-title"):
                mark = f"【{text}】"
            topic = town.draw.choice(lists["topics"])
            yield Sample(f"marks/{half}/{place}/{number:03d}", half, put(mark, topic), cls, doubt)
            number += 1
    for text in lists["spaced"]:
        cls = "極秘" if text.startswith("極") else "社外秘"
        for place, put in list(PLACES[half].items())[:5]:
            doubt = "class" if text[0] in "ＲR" else ""
            content = put(f"【{text}】" if place.startswith("subject") else text, lists["topics"][0])
            yield Sample(f"marks/{half}/spaced-{place}/{number:03d}", half, content, cls, doubt)
            number += 1
    for line, cls in zip(lists["lines"], lists["line_classes"], strict=True):
        topic = town.draw.choice(lists["topics"])
        for kind, content in (
            ("line-body", mail(topic, f"{line}\n\n{HELLO}")),
            ("line-docx", _with(file("h.docx", docx([line, topic, "本文"])), topic)),
        ):
            yield Sample(f"marks/{half}/{kind}/{number:03d}", half, content, cls)
            number += 1


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _none(half: Half) -> Iterator[Sample]:
    lists, town = data("marks", half), Town(half, "unmarked")
    for number, footer in enumerate(lists["disclaimers"]):
        name, box = town.partner()
        hello = HELLO if town.draw.random() < 0.6 else LETTER
        doubt = (
            "in our own letter it asks the reader to keep this very mail to itself"
            if "御社内でも" in footer
            else ""
        )
        own = mail("お見積りの件", f"{hello}\n\n{footer}\n", to=(name, box))
        yield Sample(f"marks/{half}/disclaimer-own/{number:02d}", half, own, "none", doubt)
        text = f"ご連絡ありがとうございます。承知しました。\n\n佐藤\n\n{name} さんは書きました:\n{_quoted(HELLO)}\n{_quoted(footer)}\n"
        theirs = mail("Re: お打合せ", text, to=(name, box))
        yield Sample(f"marks/{half}/disclaimer-quoted/{number:02d}", half, theirs, "none")
        page = f"<p>{hello}</p><hr><p style='color:#888;font-size:10px'>{footer.replace(chr(10), '<br>')}</p>"
        both = mail("ご案内", f"{hello}\n\n{footer}\n", html=page, to=(name, box))
        yield Sample(f"marks/{half}/disclaimer-html/{number:02d}", half, both, "none", doubt)
    for number, subject in enumerate(lists["answered"]):
        name, box = town.partner()
        text = f"ありがとうございます。木曜日に伺います。\n\n佐藤\n\n-----Original Message-----\nFrom: {name} <{box}>\nSubject: {subject.split(': ', 1)[1]}\n\n木曜日はいかがでしょうか。\n"
        yield Sample(f"marks/{half}/answered/{number:02d}", half, mail(subject, text, to=(name, box)), "none")
    for number, text in enumerate(lists["mentions"]):
        to = town.partner()
        body = f"お世話になっております。\n\n{text}\n\nよろしくお願いいたします。\n佐藤\n"
        yield Sample(f"marks/{half}/mention/{number:02d}", half, mail("ご連絡", body, to=to), "none")
        one = file("attached.docx", docx([f"第{number}号", text, "以上"]))
        yield Sample(
            f"marks/{half}/mention-docx/{number:02d}",
            half,
            mail("資料の送付", HELLO, files=[one], to=to),
            "none",
        )


def samples(half: Half) -> Iterator[Sample]:
    """Marks first, then what is none."""
    yield from _marks(half)
    yield from _none(half)
