"""Reports of non-delivery: forged ones with a lure ("warned"), and the forms of real servers ("clean").

Data: forged_HALF.toml (`form` "report", "plain" or "receipt"; `returned`: what the mail said that allegedly comes
back) and genuine_HALF.toml (`form` "dsn", "delay", "relayed", "html", "plain" or "receipt"; `code`, the enhanced
status; `to`, whom we wrote to; `returned` "headers", "inline", "headers-inline" or "none" instead of the whole mail).

A genuine one comes twice: with the Message-ID of what we sent in `facts["sent"]`, and, as a kind that ends in
"-unseeded", for a gateway that remembers nothing.
"""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.arriving import US, facts, parsed
from tests.judged.attacks import known
from tests.judged.fourth import told
from tests.judged.fourth.arrivals import Entry, clock, delivered, filled, seen
from tests.judged.fourth.carried import carried
from tests.judged.fourth.looks import STYLES, outlook
from tests.judged.fourth.signing import SELECTOR, record, signed
from tests.judged.lures import qr_png
from tests.judged.mime import file_part, multipart, text_part
from tests.judged.people import Town
from tests.judged.third.bounces import _ours, _report, _status
from tests.judged.third.post import bodies, related, sealed

ACTIONS = {"delay": "delayed", "relayed": "relayed"}


def _receipt(host: str, whose: str, sent: str) -> str:
    return (
        f"Content-Type: message/disposition-notification\r\n\r\nReporting-UA: {host}; Microsoft Outlook 16.0\r\n"
        f"Final-Recipient: rfc822;{whose}\r\nOriginal-Message-ID: {sent}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
    )


def _forged(one: Entry, town: Town, turn: int) -> bytes:
    token = f"{town.draw.getrandbits(44):011x}"
    link = one.get("link", "").replace("{token}", token)
    text = filled(one["text"].strip("\n"), town, token, turn)
    html = ""
    if one.get("style") or turn:
        look = STYLES[one.get("style", "plain")]
        html = look(text, link, one.get("button", ""), parsed(one["from"])[0], "#0067b8")
    pictures = []
    if "qr" in one:
        html = html.replace("</body>", '<p><img src="cid:qr@mail"></p></body>')
        pictures.append(("qr@mail", "image/png", qr_png(one["qr"].replace("{token}", token))))
    words = related(bodies(text.replace("{link}", link), html, "utf-8", "", printed=bool(turn)), pictures)
    host = parsed(one["from"])[1].rpartition("@")[2]
    files = [file_part(carried(line)) for line in one.get("files", [])]
    if one["form"] == "plain":
        body = multipart("mixed", [words, *files]) if files else words
    elif one["form"] == "receipt":
        body = _report([words, _receipt(host, US[1], f"<{token}@{host}>")], "disposition-notification")
    else:
        parts = [words, _status(host, US[1], "failed", "5.0.0", "")]
        if "returned" in one:
            back = one["returned"].replace("{token}", token)
            inner = text_part(back)
            parts.append(
                f"Content-Type: message/rfc822\r\n\r\nFrom: info@{host}\r\nTo: {US[1]}\r\nSubject: notice\r\n"
                f"Date: {clock(town)}\r\nMIME-Version: 1.0\r\n{inner}"
            )
        elif turn and not files:
            head, rest = _ours(f"<{token}@{host}>", US[1], clock(town))
            parts.append(f"Content-Type: message/rfc822\r\n\r\n{head}\r\n{rest}")
        body = _report([*parts, *files])
    auto = [("Auto-Submitted", "auto-replied")]
    return delivered(one, sealed(one["from"], one["subject"], body, clock(town), auto, f"<{US[1]}>"))


def _genuine(one: Entry, town: Town, sent: str) -> tuple[bytes, dict[str, object]]:
    _, to = town.partner()
    to = one.get("to", to)
    domain = to.rpartition("@")[2]
    host = f"mx{town.draw.randint(1, 4)}.{domain}"
    when = clock(town)

    def fill(text: str) -> str:
        return text.replace("{to}", to).replace("{host}", host).replace("{domain}", domain)

    author = fill(one["from"])
    head, rest = _ours(sent, to, when)
    text, returned, form = fill(one["text"].strip("\n")), one.get("returned", "message"), one["form"]
    fields = [(n, fill(v)) for n, _, v in (line.partition(": ") for line in one.get("fields", []))]
    fields.append(("Auto-Submitted", "auto-replied"))
    if form == "plain":
        copy = {"inline": f"\n\n{head}\n{rest}", "headers-inline": f"\n\n{head}"}.get(returned, "")
        body = text_part(text + copy.replace("\r\n", "\n"))
        fields.append(("In-Reply-To", sent))
    elif form == "receipt":
        body = _report([text_part(text), _receipt(host, to, sent)], "disposition-notification")
    else:
        words = bodies(text, outlook(text) if form == "html" else "", "utf-8", "", printed=False)
        status = _status(host, to, ACTIONS.get(form, "failed"), one["code"], "")
        back = f"Content-Type: message/rfc822\r\n\r\n{head}\r\n{rest}"
        if returned == "headers":
            back = f"Content-Type: text/rfc822-headers; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{head}"
        body = _report([words, status, back])
    content = sealed(author, fill(one["subject"]), body, when, fields, f"<{US[1]}>")
    box = parsed(author)[1].rpartition("@")[2]
    seen_of = facts(parsed(author)[1], "pass", null=True)
    if town.draw.randint(0, 1):
        content = signed(content, box)
        seen_of["zone"][f"{SELECTOR}._domainkey.{box}"] = {"TXT": [record()]}  # type: ignore[index]
    return content, seen_of


def samples(half: Half) -> Iterator[Sample]:
    """Forged first, each twice."""
    for one in told("forged", half).get("mail", []):
        for turn in range(2):
            town = Town(half, f"bounces/forged/{one['kind']}/{turn}")
            content = _forged(one, town, turn)
            more = {"mail_from": "", "sent": [f"<{town.draw.getrandbits(60):x}@corp.example>"]}
            name = f"bounces/{half}/forged-{one['kind']}/{turn}"
            yield Sample(name, half, content, "warned", one.get("doubt", ""), seen(one, half, **more))
    for one in told("genuine", half).get("mail", []):
        for turn, seeded in enumerate((True, False)):
            town = Town(half, f"bounces/{one['kind']}/{turn}")
            sent = f"<{town.draw.getrandbits(72):018x}@corp.example>"
            content, known_of = _genuine(one, town, sent)
            known_of |= {"known": known(half), "sent": [sent] if seeded else []}
            kind = f"{one['kind']}{'' if seeded else '-unseeded'}"
            yield Sample(
                f"bounces/{half}/{kind}/{turn}", half, content, "clean", one.get("doubt", ""), known_of
            )
