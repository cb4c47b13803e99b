"""T28: what needs no change passes byte for byte, and its author's signature still verifies."""

import base64
import random
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest

from gateway.authenticate.sign import Signer, generate_key
from tests.interop.mails import HANAKO, SATO, TARO, attach, mail, parsed
from tests.services.programs import wait_for
from tests.services.served import Hop, Served

WORDS = [
    "資料",
    "会議",
    "見積",
    "the",
    "a",
    "report",
    "。",
    "..",
    ".",
    "From",
    "=20",
    "\t",
    "",
    "",
    "日程",
    "ありがとうございます",
]


def one(number: int, chance: random.Random) -> bytes:
    """A mail as some program of the world writes it: charsets, encodings, structures, odd spacing."""
    text = "\n".join(
        " ".join(chance.choices(WORDS, k=chance.randint(0, 12))) for _ in range(chance.randint(0, 30))
    )
    message: EmailMessage = mail(TARO, "", sender=SATO, subject=" ".join(chance.choices(WORDS, k=4)).strip())
    if number % 3 == 0:
        message.set_content(text, cte=chance.choice(["base64", "quoted-printable", "8bit"]))
    elif number % 3 == 1:
        message.set_content(
            text.encode("cp932", "replace").decode("cp932"), charset="iso-2022-jp", cte="7bit"
        )
    else:
        message.set_content(text)
        message.add_alternative(f"<p>{text}</p>", subtype="html")
    for extra in range(chance.randint(0, 2)):
        attach(message, f"file{extra}.dat", base64.b64encode(chance.randbytes(chance.randint(0, 9000))))
    content = message.as_bytes()
    if number % 5 == 0 and number % 3:  # not behind base64, where blanks and more are a doubt
        content += b"\r\n" * chance.randint(0, 5) + b"   trailing blanks \t \r\n\r\n\r\n"
    return content


def signatures(content: bytes, zone: dict[bytes, bytes], count: int) -> list[bool]:
    """dkimpy's word on each of the signatures that have to be there."""
    return [
        dkim.DKIM(content).verify(idx=n, dnsfunc=lambda name, timeout=5: zone.get(name)) for n in range(count)
    ]


@pytest.mark.parametrize("way", ["inbound", "internal"])
@pytest.mark.parametrize("count", [50, pytest.param(500, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_signatures_survive(
    node: Served, sink: Hop, signer: tuple[Path, Signer], way: str, count: int
) -> None:
    """The author's, and ours in front of it on what our own people send."""
    chance = random.Random(f"{way}{count}")
    domain = (SATO if way == "inbound" else TARO).rpartition("@")[2]
    author = Signer(domain, "author", generate_key())
    zone = {f"{s.record_name}.".encode(): s.record.encode() for s in (author, signer[1])}
    sent: dict[bytes, bytes] = {}
    with node.connect("inbound" if way == "inbound" else "submission") as client:
        for number in range(count):
            content = one(number, chance)
            if way == "internal":
                content = content.replace(f"From: {SATO}".encode(), f"From: {TARO}".encode())
            content = author.sign(content) + content
            identifier = str(parsed(content)["Message-ID"]).encode()
            sent[identifier] = content
            sender, recipient = (SATO, TARO) if way == "inbound" else (TARO, HANAKO)
            code, text = node.send(sender, [recipient], content, client=client, options=["BODY=8BITMIME"])
            assert code == 250, text

    def arrived() -> dict[bytes, bytes]:
        return {i: m.content for i in sent for m in list(sink.sink.mails) if b"Message-ID: " + i in m.content}

    assert wait_for(lambda: len(sink.sink.mails) >= count)
    assert wait_for(lambda: len(arrived()) == count)
    found = arrived()
    changed = [i for i in sent if not found[i].endswith(sent[i])]
    broken = [
        i for i, content in found.items() if not all(signatures(content, zone, 1 + (way == "internal")))
    ]
    assert (changed, broken) == ([], [])
    print(f"{way}: {count} signed mails, 0 changed, 0 signatures broken")
