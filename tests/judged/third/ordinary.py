"""Ordinary outgoing mail, third set: whole letters, varied, and mail that is odd in form. `expects` is "flows"."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.judged import Half, Sample
from tests.judged.mime import mail
from tests.judged.people import Town
from tests.judged.third.letters import SENDER, abroad, below, letter, page
from tests.judged.third.odd import ODD
from tests.judged.third.papers_sent import PAPERS

HERE = Path(__file__).parent
LETTERS, FORMS = 5, 3  # variants of each
MONTHS = ("January", "February", "April", "June", "December")
# what companies append, written as a rule of the house
FOOTERS = (
    "本メールは宛名の方へお送りしたものです。お心当たりのない場合は、お手数ですが削除をお願いいたします。",
    "【機密保持】本メールおよび添付資料には秘密情報が含まれることがあります。転送・開示の際はご配慮ください。",
    "This message is confidential and meant for its addressee only. Please delete it if it reached you by mistake.",
    "Corp Inc. | Confidentiality notice: www.corp.example/mail-policy",
)


def letters() -> list[dict[str, Any]]:
    """All letters: kind, subject, text, kinds of files."""
    found = []
    for name in ("ordinary_ja.toml", "ordinary_abroad.toml"):
        found += tomllib.loads((HERE / name).read_text("utf-8"))["letter"]
    return found


def _filled(town: Town, to: tuple[str, str], text: str) -> str:
    draw = town.draw
    if abroad(text):
        first, second = (f"{draw.randint(1, 28)} {draw.choice(MONTHS)}" for _ in range(2))
    else:
        first, second = (f"{draw.randint(1, 12)}月{draw.randint(1, 28)}日" for _ in range(2))
    values = {
        "c": town.company()[0], "p": to[0].split()[0], "d": first, "e": second, "n": str(draw.randint(2, 9)),
        "m": f"{draw.randrange(20_000, 6_000_000, 500):,}", "o": str(draw.randint(10_000_000, 99_999_999)),
        "t": str(draw.randint(10**11, 10**12 - 1)),
    }  # fmt: skip
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _letter(half: Half, one: dict[str, Any], turn: int) -> bytes:
    town = Town(half, f"ordinary/{one['kind']}/{turn}")
    draw, to = town.draw, town.partner()
    if abroad(one["text"]):
        to = town.person().english, to[1]
    subject, text = _filled(town, to, f"{one['subject']}\0{one['text'].strip()}").split("\0")
    files = [PAPERS[kind](town, subject) for kind in one.get("files", "").split()]
    body = letter(town, text, to)
    if draw.random() < 0.3:
        body += f"\n{draw.choice(FOOTERS)}\n"
    foreign = abroad(one["text"])
    if turn == 1:
        body += below(to, foreign=foreign)
        subject = subject if subject.startswith(("Re", "AW")) else f"Re: {subject}"
    if turn == 2:
        asked = "shall we?" if foreign else "下記の件、いかがでしょうか。"
        older = (below(one, said, foreign=foreign) for one, said in ((to, ""), (SENDER, asked), (to, "")))
        body += "".join(older)
        subject = f"RE: {subject}"
    if turn == 3:
        note = "for your information." if foreign else "ご参考までに転送いたします。"
        body = f"{note}\n\n---------- Forwarded message ---------\nFrom: Eguchi\nSubject: {subject}\n\n{body}"
        subject = f"Fwd: {subject}"
    charset = "utf-8"
    if turn == 4 and not foreign:
        try:
            body.encode("iso-2022-jp")
            charset = "iso-2022-jp"
        except UnicodeEncodeError:
            pass
    html = page(body) if charset == "utf-8" and draw.random() < 0.5 else ""
    fields = [("Cc", "kanri@corp.example")] if draw.random() < 0.3 else []
    return mail(
        subject, body, html=html, files=files, sender=SENDER, to=to, charset=charset, fields=fields,
        date=f"Wed, 18 Nov 2026 {draw.randint(8, 19):02d}:{draw.randint(0, 59):02d}:41 +0900",
    )  # fmt: skip


def samples(half: Half) -> Iterator[Sample]:
    """Each letter as new one, answer, long thread, forwarded, and in the old charset; then each odd form."""
    for one in letters():
        for turn in range(LETTERS):
            name = f"ordinary/{half}/{one['kind']}/{turn}"
            yield Sample(name, half, _letter(half, one, turn), "flows", one.get("doubt", ""))
    for kind, (make, doubt) in ODD.items():
        for turn in range(FORMS):
            content = make(Town(half, f"ordinary/{kind}/{turn}"))
            yield Sample(f"ordinary/{half}/{kind}/{turn}", half, content, "flows", doubt)
