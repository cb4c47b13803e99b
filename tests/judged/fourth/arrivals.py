"""A mail of the fourth set that arrives, made of an entry of its data, and what the gateway would know of it.

An entry (data/SET_HALF.toml, `[[mail]]`): `kind`, `from`, `subject`, `text` (`{link}`, `{token}`, `{digits}`;
`[[one||other]]` differs between the two variants; a line of three hyphens begins the small print; lines "a | b" are a
table), and what it needs of `auth`, `envelope`, `link`, `button`, `style`, `reply`, `fields`, `files`, `known` (domains
that we have long written with), `thread` (answers a mail of ours), `qr`, `to`, `zone` (a list "name TYPE value"),
`only` ("html"), `charset`, `doubt`.

`auth`: "pass" (SPF, DKIM and DMARC of the author's domain), "esp" (a service sends: its envelope, the author's
DKIM), "service" (a service sends for somebody, its own DKIM only), "weak" (SPF alone), "none" (nothing is published),
"spoof" (the author's domain forbids this client), "forward" (spoofed, but the envelope's own domain passes).
"""

import re
import zlib
from typing import Any

from tests.judged import Half
from tests.judged.arriving import facts, parsed
from tests.judged.attacks import known
from tests.judged.fourth.looks import STYLES, outlook
from tests.judged.fourth.signing import SELECTOR, record, signed
from tests.judged.lures import qr_blocks, qr_png, qr_table
from tests.judged.mime import File
from tests.judged.people import Town
from tests.judged.third.post import MAILERS, letter

OURS = "<8d02b7c1.6120@corp.example>"
JAPANESE = re.compile("[\u3040-\u30ff]")
Entry = dict[str, Any]


def seen(one: Entry, half: Half, **more: object) -> dict[str, object]:
    """The facts of an entry (tests/judged/arriving.py)."""
    box, auth = parsed(one["from"])[1], one.get("auth", "pass")
    domain = box.rpartition("@")[2]
    bounce = one.get("envelope", "")
    if auth in ("esp", "service"):
        bounce = (
            bounce
            or f"bounce+{zlib.crc32(box.encode()):x}@{'em.mailer-grid.example' if auth == 'esp' else 'bounces.relay-cloud.example'}"
        )
        told = facts(bounce, "pass")
        zone: Any = told["zone"]
        zone |= {name: value for name, value in facts(box, "pass")["zone"].items() if name not in zone}  # type: ignore[attr-defined]
        if auth == "service":
            zone.pop(f"_dmarc.{domain}", None)
    else:
        told = facts(box, auth)
        if bounce and auth != "forward":
            told = facts(bounce, auth) | {"zone": {**facts(bounce, auth)["zone"], **facts(box, auth)["zone"]}}  # type: ignore[dict-item]
        zone = told["zone"]
    for signer in signers(one):
        zone[f"{SELECTOR}._domainkey.{signer}"] = {"TXT": [record()]}
    policy = ("none", "quarantine", "reject")[zlib.crc32(domain.encode()) % 3]
    if auth in ("pass", "esp") and f"_dmarc.{domain}" in zone:
        zone[f"_dmarc.{domain}"] = {"TXT": [f"v=DMARC1; p={policy}"]}
    for line in one.get("zone", []):
        name, kind, value = line.split(" ", 2)
        zone.setdefault(name, {}).setdefault(kind, []).append(value)
    friends = [name or domain for name in one.get("known", [])]
    told |= {"known": [*known(half), *friends]} | more
    if one.get("thread"):
        told["sent"] = [OURS]
    return told


def signers(one: Entry) -> list[str]:
    """The domains whose signatures it bears."""
    auth, domain = one.get("auth", "pass"), parsed(one["from"])[1].rpartition("@")[2]
    if auth == "service":
        return [one.get("envelope", "@relay-cloud.example").rpartition("@")[2]]
    return [domain] if auth in ("pass", "esp") else []


def filled(text: str, town: Town, token: str, turn: int) -> str:
    """A text without what is to be filled in."""
    text = re.sub(r"\[\[(.*?)\|\|(.*?)\]\]", lambda found: found.group(1 + turn % 2), text, flags=re.S)
    text = text.replace("{token}", token)
    while "{digits}" in text:
        text = text.replace("{digits}", str(town.draw.randint(10_000_000, 99_999_999)), 1)
    return text


def clock(town: Town) -> str:
    """A time of one working week, as a sender writes it."""
    day = town.draw.randint(16, 20)
    name = ["Mon", "Tue", "Wed", "Thu", "Fri"][day - 16]
    return f"{name}, {day} Nov 2026 {town.draw.randint(0, 23):02d}:{town.draw.randint(0, 59):02d}:{town.draw.randint(0, 59):02d} +0900"


def _fields(one: Entry, town: Town, token: str) -> list[tuple[str, str]]:
    fields = [
        (name, value.replace("{token}", token))
        for name, _, value in (line.partition(": ") for line in one.get("fields", []))
    ]
    if "reply" in one:
        fields.append(("Reply-To", one["reply"]))
    if one.get("thread"):
        fields += [("In-Reply-To", OURS), ("References", OURS)]
    mailer = town.draw.choice(MAILERS)
    return fields + ([("X-Mailer", mailer)] if mailer and "style" not in one else [])


def composed(one: Entry, town: Town, turn: int, files: list[File]) -> bytes:
    """The mail that an entry tells: as it stands, or (`turn` 1) in another form that programs give it."""
    token = f"{town.draw.getrandbits(48):012x}"
    link = filled(one.get("link", ""), town, token, turn)
    text = filled(one["text"].strip("\n"), town, token, turn)
    subject = filled(one["subject"], town, token, turn)
    pictures: list[tuple[str, str, bytes]] = []
    qr = filled(one.get("qr", ""), town, token, turn)
    style = one.get("style", "")
    html = ""
    if style:
        html = STYLES[style](
            text.replace("{qr}", ""),
            link,
            one.get("button", ""),
            parsed(one["from"])[0],
            one.get("colour", "#1a5fb4"),
        )
    elif turn and not ("charset" in one or "[qr]" in text):
        html = outlook(text.replace("{qr}", ""), link, one.get("button", ""))
    if qr and html:
        drawn = qr_table(qr) if turn else '<p><img src="cid:code@img" width="180" alt=""></p>'
        html = html.replace("</body>", f"{drawn}</body>")
        if not turn:
            pictures.append(("code@img", "image/png", qr_png(qr)))
    text = (
        text.replace("{qr}", qr_blocks(qr) if qr else "").replace("{link}", link).replace("\n---\n", "\n\n")
    )
    charset = one.get("charset", "utf-8")
    if (
        charset == "utf-8"
        and not html
        and JAPANESE.search(text)
        and zlib.crc32(one["kind"].encode()) % 3 == 0
    ):
        charset = _old(text + subject)
    return letter(
        one["from"],
        subject,
        text,
        date=clock(town),
        html=html,
        only=one.get("only", "html" if style == "kit" else ""),
        charset=charset,
        printed=bool((turn + zlib.crc32(one["kind"].encode())) % 2) and charset == "utf-8",
        files=files,
        pictures=pictures,
        fields=_fields(one, town, token),
        to=one.get("to", ""),
    )  # fmt: skip


def _old(text: str) -> str:
    try:
        text.encode("iso-2022-jp")
    except UnicodeEncodeError:
        return "utf-8"
    return "iso-2022-jp"


def delivered(one: Entry, content: bytes) -> bytes:
    """A mail with the signatures that its way gives it."""
    for domain in signers(one):
        content = signed(content, domain)
    return content
