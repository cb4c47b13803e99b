"""Partners whose accounts somebody else has taken over: everything passes SPF, DKIM and DMARC.

For each partner (data/takeover_HALF.toml) `GENUINE` mails in their order: the first hundred are history (for the
memory of correspondents, not for counting), the others "clean". Then what the thief sends (data/thief_HALF.toml, the
entries of the partner's language), each twice: as whoever took it over writes, and with the partner's signature.
"""

import datetime
from collections.abc import Iterator
from email.utils import format_datetime
from typing import Any

from tests.judged import Half, Sample
from tests.judged.arriving import parsed
from tests.judged.fourth import told
from tests.judged.fourth.arrivals import Entry, composed, delivered, filled, seen
from tests.judged.fourth.carried import carried
from tests.judged.fourth.looks import outlook
from tests.judged.people import Town
from tests.judged.third.post import letter

GENUINE, HISTORY = 160, 100
TOKYO = datetime.timezone(datetime.timedelta(hours=9))


def _values(town: Town) -> dict[str, Any]:
    draw = town.draw
    person = town.person()
    return {
        "d": f"{draw.randint(1, 12)}/{draw.randint(1, 28)}", "n": draw.randint(2, 9), "h": draw.randint(9, 16),
        "m": f"{draw.randrange(20_000, 900_000, 1000):,}", "o": draw.randint(10_000, 99_999),
        "t": draw.randint(10**11, 10**12 - 1), "p": person.family,
    }  # fmt: skip


def _written(partner: dict[str, Any], town: Town, number: int) -> bytes:
    lines = partner["genuine"]
    subject, text, *file = lines[(number * 7 + number // len(lines)) % len(lines)].split(" | ")
    values = _values(town)
    if partner["lang"] == "en":
        values["p"] = town.person().english.split()[-1]
    subject, text = subject.format(**values), text.format(**values).replace("\\", "\n")
    files = [carried(line.format(**values).replace(",000", "000")) for line in file]
    body = f"{partner['hello']}{text}{partner['sign']}"
    zone = partner["zone"]
    hour = town.draw.randint(*partner["hours"])
    shift = datetime.timezone(datetime.timedelta(hours=int(zone[:3])))
    day = datetime.datetime(2026, 3, 2, hour, town.draw.randint(0, 59), number % 60, tzinfo=shift)
    written_in_html = partner["mailer"].startswith("Microsoft")
    return letter(
        partner["from"],
        subject,
        body,
        date=format_datetime(day + datetime.timedelta(days=number * 1.6 // 1)),
        html=outlook(body) if written_in_html else "",
        charset=partner["charset"],
        files=files,
        fields=[("X-Mailer", partner["mailer"])],
    )


def _stolen(partner: dict[str, Any], one: Entry, town: Town, turn: int) -> bytes:
    entry = {**one, "from": partner["from"]}
    entry["text"] = f"{one['text'].strip()}\n{partner['sign']}" if turn else one["text"]
    extra = Town(town.half, f"takeover/{one['kind']}/{turn}/files")
    token = f"{extra.draw.getrandbits(40):010x}"
    files = [carried(filled(line, extra, token, turn)) for line in one.get("files", [])]
    return composed(entry, town, turn, files)


def samples(half: Half) -> Iterator[Sample]:
    """In the order in which they came, a partner after the other."""
    for partner in told("takeover", half)["partner"]:
        entry = {"from": partner["from"], "known": [""]}
        lang = partner["lang"]
        of_partner = seen(entry, half)
        for number in range(GENUINE):
            town = Town(half, f"takeover/{parsed(partner['from'])[1]}/{number}")
            content = delivered(entry, _written(partner, town, number))
            history = number < HISTORY
            name = f"takeover/{half}/{lang}-{'history' if history else 'genuine'}/{number:03d}"
            yield Sample(
                name, half, content, "history" if history else "clean", "", of_partner | {"history": history}
            )
        for one in told("thief", half)["mail"]:
            if one["from"] != f"<{lang}>":
                continue
            for turn in range(2):
                town = Town(half, f"takeover/{one['kind']}/{turn}")
                content = delivered(entry, _stolen(partner, one, town, turn))
                name = f"takeover/{half}/{one['kind']}/{turn}"
                yield Sample(name, half, content, "warned", one.get("doubt", ""), of_partner)
