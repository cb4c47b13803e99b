"""A locked process reads every format exactly as this one does: nothing is left to be loaded."""

import asyncio
from pathlib import Path

import msoffcrypto.format.ooxml
import pytest

from filters.examined import Examined
from gateway.locked import sandbox
from gateway.locked.workers import Workers
from storage.draft import LocalDraft
from tests.filters.extract.documents import pdf, word
from tests.filters.extract.formats import aes_zip, sevenzip
from tests.filters.extract.formats_of_text import FORMATS
from tests.filters.extract.pictures import code, saved
from tests.filters.extract.pictures import pdf as pdf_with_code
from tests.filters.mails import attached, examined, facts, policy

pytestmark = pytest.mark.skipif(
    "seccomp" not in sandbox.walls(), reason="no system call filters in this kernel"
)
SECRET = "Kanazawa-2231"


def locked_word() -> bytes:
    import io

    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(word())).encrypt(SECRET, out)
    return out.getvalue()


def rules(answer: Examined) -> set[str]:
    return {f.rule for f in answer.findings}


async def test_codes_in_pictures(tmp_path: Path) -> None:
    workers = Workers(policy(), count=1, time_limit=20.0, scratch=tmp_path)
    await workers.start()
    try:
        address = "https://login.evil.example/"
        files = {kind: saved(code(address), kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP")}
        files |= {"pdf": pdf_with_code(address), "drawn.pdf": pdf_with_code(address, "drawn")}
        for kind, content in files.items():
            raw = attached((f"a.{kind}", content))
            draft = LocalDraft(tmp_path)
            draft.write(raw)
            async with asyncio.timeout(60):
                there = await workers.examine(draft, facts("sato@us.example", direction="inbound"))
            draft.discard()
            assert "qr_link" in rules(there), kind
    finally:
        await workers.stop()


async def test_all_formats(tmp_path: Path) -> None:
    mails = {
        name: attached((f"資料.{name}", write("この資料は社外秘です"))) for name, write in FORMATS.items()
    }
    told = f"パスワード: {SECRET}"
    inner = ("a.txt", "社外秘".encode())
    mails |= {
        "locked zip": attached(("a.zip", aes_zip(SECRET, inner)), body=told),
        "locked 7z": attached(("a.7z", sevenzip(inner, password=SECRET, hidden=True)), body=told),
        "locked docx": attached(("a.docx", locked_word()), body=told),
        "locked pdf": attached(("a.pdf", pdf("社外秘", password=SECRET)), body=told),
    }
    workers = Workers(policy(), count=1, time_limit=20.0, scratch=tmp_path)
    await workers.start()
    try:
        for name, raw in mails.items():
            draft = LocalDraft(tmp_path)
            draft.write(raw)
            async with asyncio.timeout(60):
                there = await workers.examine(draft, facts())
            draft.discard()
            assert rules(there) == rules(examined(raw)), name
            assert "confidential_attachment" in rules(there), name
    finally:
        await workers.stop()
