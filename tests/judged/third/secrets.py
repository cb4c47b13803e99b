"""Secrets where work leaves them, in files and in the text, and what only looks like one. "secret" or "none"."""

import base64
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from tests.judged import Half, Sample
from tests.judged.armors import _openssh, _pem, _pgp, _putty, ed25519, rsa
from tests.judged.files import docx, xlsx
from tests.judged.mime import file
from tests.judged.people import Town
from tests.judged.secrets import filled
from tests.judged.third.letters import sent
from tests.judged.third.paged import pages
from tests.judged.third.papers import pptx

HERE = Path(__file__).parent
NOTE = "設定ファイルをお送りします。ご確認ください。"


def jwt(draw: Random) -> str:
    """Header and claims in JSON, and a signature of HS256's size."""
    claims = {
        "sub": f"u{draw.randint(100, 999)}",
        "iss": "https://id.corp.example",
        "exp": 1_800_000_000 + draw.randint(0, 9999),
    }
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signed = [*parts, bytes(draw.randrange(256) for _ in range(32))]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in signed)


WHOLE: dict[str, Callable[[Random], str]] = {
    "<jwt>": jwt,
    "<basic>": lambda d: base64.b64encode(filled("batch:<p14>", d).encode()).decode(),
    "<rsa>": lambda d: _pem("RSA PRIVATE KEY", rsa(d)).strip(),
    "<rsa-json>": lambda d: _pem("RSA PRIVATE KEY", rsa(d)).replace("\n", "\\n"),
    "<ed25519>": lambda d: _pem("PRIVATE KEY", ed25519(d)),
    "<openssh>": lambda d: _pem("OPENSSH PRIVATE KEY", _openssh(d)).strip(),
    "<pgp>": lambda d: _pgp(d).strip(),
    "<putty>": lambda d: _putty(d).strip(),
}


def _written(town: Town, text: str) -> str:
    text = filled(text.lstrip("\n"), town.draw)
    for place, make in WHOLE.items():
        while place in text:
            text = text.replace(place, make(town.draw), 1)
    return text


def _documents(town: Town) -> Iterator[tuple[str, str, bytes]]:
    """Kind, name and content: what people paste into office files."""
    draw = town.draw
    hosts = [[f"app0{n}", "root", filled("<p12>", draw)] for n in range(1, 6)]
    yield "servers-xlsx", "サーバ一覧.xlsx", xlsx(("一覧", [["ホスト", "ユーザー", "パスワード"], *hosts]))
    yield (
        "servers-docx",
        "引継書.docx",
        docx(["引継書", "3. アカウント"], rows=[["ホスト", "ID", "PASS"], *hosts]),
    )
    lines = _pem("RSA PRIVATE KEY", rsa(draw)).split("\n")
    yield "key-in-docx", "手順書.docx", docx(["鍵の保存", *lines])
    yield "key-in-pdf", "手順書.pdf", pages([["鍵の保存", *_pem("PRIVATE KEY", ed25519(draw)).split("\n")]])
    yield "key-in-cell", "控え.xlsx", xlsx(("鍵", [["中継", "\n".join(lines)]]))
    yield (
        "token-on-slide",
        "勉強会.pptx",
        pptx([["APIの使い方"], [f"Authorization: Bearer {jwt(draw)}"]], notes="デモ"),
    )


def samples(half: Half) -> Iterator[Sample]:
    """Each text as a file or in the mail, then the other way round; documents; and what is none."""
    for one in tomllib.loads((HERE / "secrets.toml").read_text("utf-8"))["texts"]:
        for turn in range(2):
            town = Town(half, f"secrets/{one['kind']}/{turn}")
            text, name = _written(town, one["text"]), one["file"]
            if turn == 0 and name:
                content = sent(town, "設定の件", NOTE, shape=1, files=(file(name, text),))
            elif turn == 1 and not name:
                content = sent(town, "メモ", NOTE, shape=1, files=(file("memo.txt", text),))
            else:
                content = sent(town, "Re: 設定の件", text, shape=0 if turn else 1)
            yield Sample(
                f"secrets/{half}/{one['kind']}/{turn}", half, content, "secret", one.get("doubt", "")
            )
    for turn in range(2):
        town = Town(half, f"secrets/documents/{turn}")
        for kind, name, data in _documents(town):
            content = sent(town, "資料の件", NOTE, shape=1, files=(file(name, data),))
            yield Sample(f"secrets/{half}/{kind}/{turn}", half, content, "secret")
    lists = tomllib.loads((HERE / "secrets_clean.toml").read_text("utf-8"))
    for line in lists["clean"]:
        kind, name, text = line.split(" | ", 2)
        for turn in range(2):
            town = Town(half, f"secrets/clean/{kind}/{turn}")
            text_ = _written(town, text)
            files = (file(name.strip(), text_),) if turn == 0 and name.strip() else ()
            content = sent(town, "ご確認", NOTE if files else text_, shape=1, files=files)
            doubt = lists["doubts"].get(kind, "")
            yield Sample(f"secrets/{half}/clean-{kind}/{turn}", half, content, "none", doubt)
