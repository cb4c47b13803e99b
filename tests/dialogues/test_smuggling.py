"""T13, T14, T15: no sequence of octets ends a mail except CR LF . CR LF, however the stream is cut; and an
address that is accepted is the one that was written."""

import asyncio
import itertools
import random
import re
from pathlib import Path

import pytest

from config.settings import LimitsSection
from tests.dialogues.stand import standing

# Ends of data that some server somewhere believes in: those of SEC Consult's "SMTP Smuggling" (2023) and more.
FALSE_ENDS = [
    b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\n.\r", b"\r.\n",
    b"\r\n\x00.\r\n", b"\r\n.\x00\r\n", b"\r\n.\r\x00\n", b"\x00\r\n.\n", b"\r\n.\r\r\n", b"\r\r\n.\r\n.\r"
]  # fmt: skip
ALPHABET = (b"\r\n", b"\r", b"\n", b".", b"\0", b"x")
SMUGGLED = b"MAIL FROM:<evil@x.example>\r\nRCPT TO:<victim@y.example>\r\nDATA\r\nevil\r\n.\r\n"


async def begin(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(host, port)
    await reader.readline()
    writer.write(b"EHLO client.example\r\n")
    while (await reader.readline())[3:4] == b"-":
        pass
    return reader, writer


async def transaction(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pieces: list[bytes]
) -> bytes:
    """One mail whose octets after the 354 are `pieces`, each in a write of its own; the last reply."""
    writer.write(b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n")
    for expected in (b"250", b"250", b"354"):
        assert (await reader.readline()).startswith(expected)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0)
    return await reader.readline()


@pytest.mark.parametrize("end", FALSE_ENDS, ids=repr)
async def test_a09_a_false_end_of_data_refuses_the_mail(end: bytes, tmp_path: Path) -> None:
    async with standing(tmp_path) as stand:
        reader, writer = await begin(*stand.server.address)
        reply = await transaction(reader, writer, [b"Subject: x\r\n\r\nbody" + end + SMUGGLED])
        assert reply.startswith(b"550 5.6.0"), reply
        writer.write(b"NOOP\r\n")
        await writer.drain()
        left = await reader.readline()
        while left and not left.startswith((b"250 2.0.0 OK", b"500")):
            left = await reader.readline()
        writer.close()
    # At the very most the true end that SMUGGLED carries ended the refused mail.
    assert not stand.taken


async def test_t13_all_short_combinations_around_a_dot(tmp_path: Path) -> None:
    """Every combination of up to three line ends, NULs and letters on both sides of a dot: either the mail is
    refused, or it was clean and arrives as exactly one, unchanged."""
    limits = LimitsSection(errors=10**6, junk=10**6)
    sides = [b"".join(c) for n in (1, 2) for c in itertools.product(ALPHABET, repeat=n)]
    chosen = random.Random(13).sample(list(itertools.product(sides, sides)), 300)
    async with standing(tmp_path, limits) as stand:
        reader, writer = await begin(*stand.server.address)
        for before, after in chosen:
            content = b"body" + before + b"." + after + b"z\r\n"
            wire = b"\r\n".join(b"." + line if line[:1] == b"." else line for line in content.split(b"\r\n"))
            taken = len(stand.taken)
            reply = await transaction(reader, writer, [wire + b".\r\n"])
            clean = not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", content)
            assert reply.startswith(b"250" if clean else b"550 5.6.0"), content
            assert [t.content for t in stand.taken[taken:]] == ([content] if clean else [])
        writer.close()


async def test_t14_content_is_the_same_however_it_is_cut(tmp_path: Path) -> None:
    """Mails full of dots and line ends, stuffed and cut at random places, down to single octets."""
    random_ = random.Random(14)
    async with standing(tmp_path) as stand:
        reader, writer = await begin(*stand.server.address)
        for _ in range(300):
            content = b"".join(
                random_.choice([b"\r\n", b".", b"..", b"x", b"\r\n.", b".\r\n", b"-" * 70])
                for _ in range(random_.randrange(40))
            )
            content += b"" if content.endswith(b"\r\n") or not content else b"\r\n"
            wire = b"\r\n".join(b"." + line if line[:1] == b"." else line for line in content.split(b"\r\n"))
            wire += b".\r\n"
            cuts = sorted(random_.choices(range(len(wire) + 1), k=random_.choice([0, 1, 3, len(wire)])))
            pieces = [wire[a:b] for a, b in itertools.pairwise([0, *cuts, len(wire)]) if a < b]
            reply = await transaction(reader, writer, pieces)
            assert reply.startswith(b"250"), (pieces, reply)
            assert stand.taken.pop().content == content, pieces
        writer.close()


async def test_t14_pipelined_commands_survive_every_cut(tmp_path: Path) -> None:
    """Two transactions by BDAT and a QUIT, cut at every place: always the same two mails."""
    group = (
        b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nBDAT 7\r\none\r\n.\rBDAT 4 LAST\r\n\ntwo"
        b"MAIL FROM:<>\r\nRCPT TO:<b@y.example>\r\nBDAT 3 LAST\r\n.\r\nQUIT\r\n"
    )
    limits = LimitsSection(new_burst=10**6, connections_per_address=10**6)
    async with standing(tmp_path, limits) as stand:
        for cut in range(1, len(group), 3):
            reader, writer = await begin(*stand.server.address)
            writer.write(group[:cut])
            await asyncio.sleep(0)
            writer.write(group[cut:])
            replies = (await reader.read()).decode().split("\r\n")
            assert [r[:3] for r in replies[:-1]] == ["250"] * 7 + ["221"], (cut, replies)
            writer.close()
            assert [t.content for t in stand.taken] == [b"one\r\n.\r\ntwo\r\n", b".\r\n"]
            stand.taken.clear()


async def test_t15_an_accepted_address_is_the_one_that_was_written(tmp_path: Path) -> None:
    """Random addresses of awkward pieces: what is accepted comes out as it went in, without blanks or controls,
    and is the same when it is sent again."""
    random_ = random.Random(15)
    pieces = [
        '"',
        "\\",
        "@",
        "<",
        ">",
        "a",
        "b.example",
        ".",
        " ",
        "(c)",
        ",",
        ":",
        ";",
        "=?utf-8?q?a?=",
        "-",
        "%",
        "!",
    ]
    limits = LimitsSection(errors=10**6).model_copy(update={"recipients": 10**6})
    accepted = 0
    async with standing(tmp_path, limits) as stand:
        reader, writer = await begin(*stand.server.address)
        writer.write(b"MAIL FROM:<a@x.example>\r\n")
        await reader.readline()
        texts = []
        for _ in range(3000):
            text = "".join(random_.choice(pieces) for _ in range(random_.randrange(1, 7)))
            text += random_.choice(["@b.example", "", "@corp.example"])
            writer.write(f"RCPT TO:<{text}>\r\n".encode())
            if (await reader.readline()).startswith(b"250"):
                accepted += 1
                texts.append(text)
        if texts:
            writer.write(b"BDAT 1 LAST\r\nx")
            await reader.readline()
            assert [p.address for p in stand.taken[0].envelope.forward_paths] == list(dict.fromkeys(texts))
        writer.close()
    assert accepted > 100
    for text in texts:
        local, _, domain = text.rpartition("@")
        assert re.fullmatch(r"[a-z.]+", domain)
        assert re.fullmatch(r'"([^"\\]|\\.)*"|[^"<>@ \\(),:;]+', local), text
