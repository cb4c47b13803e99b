"""Attacks of today, each one mail. `expects` is "warned": shown with a warning, held or refused; never silent.

The last kind, `bomb`, is the newest of forty confirmations that reach one mailbox in twenty minutes
(`facts["before"]`: the others).
"""

from collections.abc import Iterator
from typing import Any

from tests.judged import Half, Sample
from tests.judged.arriving import arrived, facts, parsed
from tests.judged.lures import made, qr_blocks, qr_table
from tests.judged.mime import address
from tests.judged.people import Town, data

VARIANTS = 2


def known(half: Half) -> list[str]:
    """The domains that we have long written with."""
    return [line.rpartition(" ")[2] for line in data("people", half)["companies"]]


def _attack(town: Town, one: dict[str, Any]) -> bytes:
    text, html = one["text"], one.get("html", "")
    if "arg" in one:
        text = text.replace("{qr}", qr_blocks(one["arg"]))
        html = html.replace("{qrtable}", qr_table(one["arg"]))
    fields = [("Reply-To", address(*parsed(one["reply"])))] if "reply" in one else []
    files = [made(line) for line in one.get("files", [])]
    return arrived(town, one["from"], one["subject"], text, html=html, files=files, fields=fields)


def _bomb(half: Half) -> Sample:
    town = Town(half, "bomb")
    words = {
        "development": ("Confirm your subscription", "Thanks for signing up! Click to confirm: "),
        "deciding": ("ご登録の確認", "会員登録ありがとうございます。こちらから登録を完了してください: "),
    }[half]
    mails = []
    for number in range(40):
        site = f"{town.draw.choice(('shop', 'news', 'club', 'forum', 'blog'))}{number}.site{town.draw.randint(1, 9)}.example"
        text = f"{words[1]}https://{site}/c/{town.draw.getrandbits(64):x}\n"
        mails.append((f"noreply@{site}", arrived(town, f"<noreply@{site}>", words[0], text)))
    sender, last = mails[-1]
    told = facts(sender, "pass") | {"known": known(half), "before": [content for _, content in mails[:-1]]}
    doubt = "harmless alone; only the crowd is an attack"
    return Sample(f"attacks/{half}/bomb/0", half, last, "warned", doubt, told)


def samples(half: Half) -> Iterator[Sample]:
    """Each attack, once as it stands and once in a thread of its own with another time."""
    for one in data("attacks", half)["attack"]:
        attack: dict[str, Any] = dict(one)  # type: ignore[call-overload]
        box = parsed(attack["from"])[1]
        told = facts(box, attack["auth"]) | {"known": known(half)}
        for turn in range(VARIANTS):
            town = Town(half, f"attacks/{attack['kind']}/{turn}")
            if turn:
                attack["subject"] = f"{attack['subject']} ({town.draw.randint(100, 999)})"
                attack["text"] = f"{attack['text']}\n\n--\n{parsed(attack['from'])[0]}\n"
            content = _attack(town, attack)
            name = f"attacks/{half}/{attack['kind']}/{turn}"
            yield Sample(name, half, content, "warned", attack.get("doubt", ""), told)
    yield _bomb(half)
