"""In pieces, a content has the header and the body that it has in one."""

import random

import pytest

from mail import pieces
from mail.message import Message
from mail.pieces import parted, stripped

BITS = [
    b"From: a@x.example\r\n", b"Subject: b\r\n", b" folded\r\n", b"\r\n", b"\n", b"\r", b"no field\r\n", b"text\r\n",
    b"-", b"X: y\n", b"From a@x.example\r\n", b"A: " + b"b" * 40 + b"\r\n", b"\r\n\r\n",
]  # fmt: skip


def cut(data: bytes, chance: random.Random) -> list[bytes | memoryview]:
    places = sorted(chance.randrange(len(data) + 1) for _ in range(chance.randrange(5)))
    made = [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]
    return [memoryview(piece) if chance.random() < 0.5 else piece for piece in made]


@pytest.mark.parametrize("step", [1, 3, 1 << 16])
def test_however_it_is_cut(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "STEP", step)
    chance = random.Random(5)
    for _ in range(3_000):
        data = b"".join(chance.choices(BITS, k=chance.randrange(9)))
        content = cut(data, chance)
        whole = Message(data)
        mail, body = parted(content)
        assert [h.raw for h in mail.headers] == [h.raw for h in whole.headers], data
        assert b"".join(body) == data[whole.header_end :], data
        assert mail.root.problems == whole.root.problems, data
        assert b"".join(stripped(content)) == data.rstrip(b"\r\n")


def test_a_header_that_is_too_long() -> None:
    data = b"X-A: " + b"b" * 60 + b"\r\n"
    data = data * 20_000 + b"\r\nbody"
    mail, body = parted([data])
    whole = Message(data)
    assert mail.root.problems == whole.root.problems != []
    assert b"".join(body) == data[whole.header_end :]


def test_a_body_is_not_copied() -> None:
    data = bytearray(b"A: b\r\n\r\n" + b"c" * 200_000 + b"\r\n\r\n")
    _, body = parted([memoryview(data)])
    data[150_000:150_001] = b"d"
    assert b"d" in b"".join(body)
    assert sum(map(len, stripped(body))) == 200_000
