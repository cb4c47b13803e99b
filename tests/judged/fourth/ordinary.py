"""The fourth ordinary mail: letters of offices, each in five settings, and forms that programs write: all flow."""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from tests.judged import Half, Sample
from tests.judged.fourth import told
from tests.judged.fourth.recipe import Kitchen, cooked

SETTINGS = ("plain", "html", "answer", "files", "forwarded")
_KANA = re.compile("[\u3041-\u30ff]")


def _page(text: str) -> str:
    """Paragraphs as a mail program makes them."""
    said = (f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
    return "".join(said)


def _letter(half: Half, one: dict[str, Any], setting: str) -> bytes:
    kitchen = Kitchen(half, f"ordinary/{one['name']}/{setting}")
    lists, draw = told("ordinary", half), kitchen.draw
    subject, _, text = one["mail"].strip("\n").partition("\n")
    japanese = bool(_KANA.search(text))
    lang = "ja" if japanese else "en"
    toward = "[=toco]\n[=to] 様\n\n" if japanese else ""
    parts = [draw.choice(lists[f"greet_{lang}"]), text, draw.choice(lists[f"close_{lang}"])]
    body = toward + "\n\n".join(parts) + "\n\n" + draw.choice(lists[f"sign_{lang}"])
    if draw.random() < 0.4:
        body += f"\n\n{draw.choice(lists[f'footer_{lang}'])}"
    files = ""
    if setting == "answer":
        subject = f"{draw.choice(('Re:', 'RE:', '返信:', 'AW:' if not japanese else 'Re:'))} {subject}"
        body += f"\n\n{draw.choice(lists['history'])}"
    if setting == "files":
        files = "\n".join(draw.sample(lists["papers"], draw.choice((1, 1, 2))))
    if setting == "forwarded":
        subject = f"{draw.choice(('Fwd:', 'FW:', '転送:'))} {subject}"
        note = draw.choice(lists["forwards"])
        body = f"{note}\n\n{draw.choice(lists['forward_heads'])}\n\n{body}"
    page = f"\n@@html\n{_page(body)}" if setting == "html" or draw.random() < 0.25 else ""
    changes: dict[str, Any] = {
        "date": f"Tue, 17 Nov 2026 {draw.randint(8, 19):02d}:{draw.randint(0, 59):02d}:07 +0900"
    }
    if setting == "plain" and japanese and draw.random() < 0.4:
        changes["charset"] = "iso-2022-jp"
    recipe = f"{subject}\n{body}{page}\n{files}"
    try:
        return cooked(kitchen, recipe, **changes)
    except UnicodeEncodeError:  # a letter with signs that ISO-2022-JP does not have
        return cooked(
            Kitchen(half, f"ordinary/{one['name']}/{setting}"), recipe, **{**changes, "charset": "utf-8"}
        )


def samples(half: Half) -> Iterator[Sample]:
    """Each letter in each setting, then each form twice."""
    lists = told("ordinary", half)
    for one in lists["letter"]:
        for setting in SETTINGS:
            name = f"ordinary/{half}/{one['name']}/{setting}"
            yield Sample(name, half, _letter(half, one, setting), "flows", one.get("doubt", ""))
    for one in lists["odd"]:
        for turn in range(2):
            name = f"ordinary/{half}/{one['name']}/{turn}"
            yield Sample(name, half, cooked(Kitchen(half, name), one["mail"]), "flows", one.get("doubt", ""))
