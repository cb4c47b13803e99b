"""Passphrases told in other words and places, given away by a hint, and the words where none is told."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.judged import Half, Sample
from tests.judged.files import docx, xlsx
from tests.judged.locked import locked_zip
from tests.judged.mime import file
from tests.judged.people import Town
from tests.judged.third.letters import page, sent

LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_SYLLABLES = ("ka", "mo", "ri", "to", "se", "nu", "ha", "yo", "ki", "wa", "zu", "fu")
_SAFE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def passphrase(town: Town) -> str:
    """A word as people make one up, or as a program does."""
    draw = town.draw
    word = "".join(draw.choice(_SYLLABLES) for _ in range(3))
    match draw.randrange(7):
        case 0:
            return f"{word.title()}{draw.randint(1000, 9999)}"
        case 1:
            return f"{word}.{draw.choice(_SYLLABLES)}{draw.choice(_SYLLABLES)}.{draw.randint(10, 99)}"
        case 2:
            return "-".join("".join(draw.choice(_SAFE) for _ in range(3)) for _ in range(3))
        case 3:
            return f"{word[:4].upper()}!{draw.randint(100, 999)}_{draw.choice(_SAFE)}{word[-2:]}"
        case 4:
            return f"2026{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}{draw.choice(('', 'cp'))}"
        case 5:
            return "".join(draw.choice(_SAFE + _SAFE.lower()) for _ in range(draw.randint(10, 16)))
        case _:
            return f"{word}@corp{draw.randint(26, 30)}"


def _filled(town: Town, text: str, word: str) -> str:
    values = {
        "pw": word, "pw2": passphrase(town), "a": word[: len(word) // 2], "b": word[len(word) // 2 :],
        "wide": word.translate(WIDE), "pin": str(town.draw.randint(100_000, 99_999_999)),
    }  # fmt: skip
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _locked(town: Town, word: str) -> bytes:
    rows = xlsx(("一覧", [["工程", "日数"], ["塗装", town.draw.randint(2, 9)]]))
    return locked_zip([("kotei.xlsx", rows)], word)


def _pages(town: Town) -> Iterator[tuple[str, str, str]]:
    """Kind, plain text and HTML: the word stands apart from what it is."""
    word, other = passphrase(town), passphrase(town)
    rows = "".join(
        f"<tr><td>{n}</td><td><code>{w}</code></td></tr>"
        for n, w in (("north.zip", word), ("south.zip", other))
    )
    yield (
        "html-table",
        "HTMLでご覧ください。",
        f"<table><tr><th>ファイル</th><th>パスワード</th></tr>{rows}</table>",
    )
    yield (
        "html-spans",
        "HTMLでご覧ください。",
        f"<p>解凍パスワードは</p><p><b>{word[:3]}</b><b>{word[3:]}</b></p><p>です。</p>",
    )
    yield (
        "html-definition",
        "See HTML.",
        f"<dl><dt>File</dt><dd>plans.zip</dd><dt>Password</dt><dd>{word}</dd></dl>",
    )
    yield (
        "html-coloured",
        "HTMLでご覧ください。",
        f"<p>展開パス：<font color=#c00000 size=5>{word}</font>（有効期限なし）</p>",
    )
    text = f"先ほどの資料は {word} で開きます（パスワード）。"
    yield "html-both", text, page(text)


def _inside(town: Town) -> Iterator[tuple[str, str, bytes]]:
    """Kind, name and content of a file that tells the passphrase of another one."""
    word = passphrase(town)
    yield "in-docx", "送付状.docx", docx(["送付状", f"同封データの解凍パスワード：{word}", "以上"])
    yield "in-xlsx", "一覧.xlsx", xlsx(("一覧", [["ファイル", "パスワード"], ["keiyaku.zip", word]]))
    yield "in-txt", "readme.txt", f"The archive is protected.\r\nPassword: {word}\r\n".encode()


def samples(half: Half) -> Iterator[Sample]:
    """Each wording bare and in a letter, then pages, files, what is in doubt, and what tells none."""
    for group, expects in (
        ("told", "passphrase"),
        ("hints", "passphrase"),
        ("beside", "passphrase"),
        ("untold", "none"),
    ):
        for number, line in enumerate(LISTS[group]):
            kind, subject, text = line.split(" | ", 2)
            for turn in range(2):
                town = Town(half, f"passphrases/{kind}/{turn}")
                word = passphrase(town)
                head, body = _filled(town, f"{subject}\0{text}", word).split("\0")
                files = (file("kotei.zip", _locked(town, word)),) if group == "beside" else ()
                content = sent(town, head, body, shape=turn and 1 + number % 4, files=files)
                yield Sample(f"passphrases/{half}/{kind}/{turn}", half, content, expects)
    for turn in range(2):
        town = Town(half, f"passphrases/pages/{turn}")
        for kind, text, html in _pages(town):
            content = sent(town, "ファイルの件", text, shape=1, html=html)
            yield Sample(f"passphrases/{half}/{kind}/{turn}", half, content, "passphrase")
        for kind, name, data in _inside(town):
            content = sent(town, "書類", "書類一式をお送りします。", shape=1, files=(file(name, data),))
            yield Sample(f"passphrases/{half}/{kind}/{turn}", half, content, "passphrase")
    for number, line in enumerate(LISTS["doubtful"]):
        kind, subject, text, expects, doubt = line.split(" | ")
        town = Town(half, f"passphrases/doubtful/{kind}")
        content = sent(town, subject, _filled(town, text, passphrase(town)), shape=number % 5)
        yield Sample(f"passphrases/{half}/doubt-{kind}/0", half, content, expects, doubt)
