"""Honest arriving mail. `expects` is "clean".

Letters that quote links to genuine, well-known sites, as text and as HTML: every third author is nobody we know, and
every fifth has SPF alone. Then, as kinds that begin with "plain-", what else arrives in an office
(third/data/plain_*.toml), each twice like the attacks.
"""

import tomllib
from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.arriving import facts, parsed
from tests.judged.attacks import known
from tests.judged.people import Person, Town
from tests.judged.third.attacks import DATA, OURS, attack, told
from tests.judged.third.post import MAILERS, letter, moment

_HELLO = (
    "佐藤様\n\nいつもお世話になっております。{company}の{name}です。\n\n{text}\n\n引き続きよろしくお願いいたします。",
    "株式会社コーポ\n佐藤 由紀 様\n\nお世話になります。{company} {name}でございます。\n\n{text}\n\n以上、よろしくお願い申し上げます。",
    "佐藤さん\n\nお疲れさまです。{family}です。\n\n{text}\n\nよろしくお願いします。",
)
_ENGLISH = (
    "Dear Yuki,\n\n{text}\n\nKind regards,\n{name}\n{company}",
    "Hello Ms. Sato,\n\n{text}\n\nBest wishes\n{name}",
    "Hi Yuki,\n\n{text}\n\nThanks,\n{name}\n{company}",
)


def _signature(one: Person, name: str, company: str, box: str) -> str:
    line = "-" * 40
    return f"{line}\n{company}\n{name}\n〒{one.postal} {one.address}\nTEL {one.home[:2]}-{one.home[2:6]}-{one.home[6:]}\n{box}\n{line}"


def _page(body: str, words: str) -> str:
    """A letter in HTML, its links to be clicked; `words` are shown for the first one."""
    pieces = body.replace("<", "&lt;").replace(">", "&gt;").split("https://")
    page = pieces[0]
    for number, piece in enumerate(pieces[1:]):
        url = piece.split("\n")[0].split(" ")[0].split("）")[0].rstrip(".,")
        page += f'<a href="https://{url}">{words if words and not number else f"https://{url}"}</a>{piece[len(url) :]}'
    lines = page.replace("\n", "<br>\n")
    return f'<html><body><div style="font-size:10.5pt">{lines}</div></body></html>'


def _letters(half: Half) -> Iterator[Sample]:
    lists = tomllib.loads((DATA / "cited_letters.toml").read_text("utf-8"))
    for number, line in enumerate([*lists["letters"], *lists["forwarded"]]):
        kind, subject, text = line.split(" | ", 2)
        text = text.replace("\\", "\n")
        for turn in range(2):
            town = Town(half, f"citing/{kind}/{turn}")
            one, (company, domain) = town.person(), town.company()
            if number % 3 == 2:
                roman = one.box.split("@")[0].replace(".", "-").replace("_", "-")
                company, domain = f"{one.family}設計事務所", f"{roman}-sekkei.example"
            english = text.isascii()
            name = one.english if english else one.name
            company = "" if english and not company.isascii() else company
            box = f"{(one.english.encode('ascii', 'ignore').decode().replace(' ', '.').lower() if english else one.box.split('@')[0])}@{domain}"
            form = (_ENGLISH if english else _HELLO)[(number + turn) % 3]
            body = form.format(company=company, name=name, family=one.family, text=text)
            body += "" if english else f"\n\n{_signature(one, name, company, box)}\n"
            page = _page(body, ("", "こちら", "")[number % 3] if not english else "") if turn else ""
            mailer = town.draw.choice(MAILERS)
            content = letter(
                f"{name} <{box}>",
                subject,
                body,
                date=moment(town.draw),
                html=page,
                charset="utf-8" if turn or english or number % 4 else "iso-2022-jp",
                printed=bool(turn and number % 2),
                fields=[("X-Mailer", mailer)] if mailer else (),
            )
            seen = facts(box, "weak" if number % 5 == 4 else "pass") | {"known": known(half)}
            yield Sample(f"citing/{half}/{kind}/{turn}", half, content, "clean", "", seen)


def _plain(half: Half) -> Iterator[Sample]:
    for one in told("plain"):
        for turn in range(2):
            town = Town(half, f"plain/{one['kind']}/{turn}")
            seen = facts(parsed(one.get("envelope", one["from"]))[1], one["auth"]) | {"known": known(half)}
            if one.get("thread"):
                seen["sent"] = [OURS]
            name = f"citing/{half}/plain-{one['kind']}/{turn}"
            yield Sample(name, half, attack(one, town, turn), "clean", one.get("doubt", ""), seen)


def samples(half: Half) -> Iterator[Sample]:
    """Letters first."""
    yield from _letters(half)
    yield from _plain(half)
