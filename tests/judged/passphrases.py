"""Mails that tell the passphrase of a file, and mails with the word that tell none.

`expects` is "passphrase" or "none".
"""

from collections.abc import Iterator
from html import escape

from tests.judged import Half, Sample
from tests.judged.files import xlsx
from tests.judged.locked import locked_zip
from tests.judged.mime import file, mail
from tests.judged.people import Town, data

SIGNED = "\n\n--\n佐藤 由紀\n株式会社コーポ 営業部\nTEL 03-5550-0142\n"
_WORDS = ("sakura", "Tokyo", "minato", "apple", "Fuji", "hana", "Delta", "kaede")


def _passphrase(town: Town) -> str:
    draw = town.draw
    letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
    shapes = (0, 1, 2) if town.half == "development" else (1, 2, 3, 4)
    match draw.choice(shapes):
        case 0:
            return f"{draw.choice(_WORDS)}{draw.randint(2019, 2027)}{draw.choice('!#')}"
        case 1:
            return "".join(draw.choice(letters) for _ in range(draw.randint(8, 14)))
        case 2:
            return "Aa7" + "".join(draw.choice(letters + "#@%_") for _ in range(9)) + "x"
        case 3:
            return str(draw.randint(10_000, 99_999_999))
        case _:
            return f"{draw.choice(_WORDS)}-{draw.choice(_WORDS)}-{draw.randint(10, 99)}"


def _archive(town: Town, passphrase: str) -> bytes:
    rows = xlsx(("明細", [["品名", "金額"], ["部材", town.draw.randint(1000, 9000)]]))
    return locked_zip([("明細.xlsx", rows)], passphrase)


def samples(half: Half) -> Iterator[Sample]:
    """Each form three times (told), beside an archive, and without a passphrase."""
    lists = data("passphrases", half)
    for group, expects in (("told", "passphrase"), ("beside", "passphrase"), ("untold", "none")):
        for number, line in enumerate(lists[group]):
            for turn in range(2 if group == "untold" else 3):
                town = Town(half, f"passphrases/{group}/{number}/{turn}")
                passphrase = _passphrase(town)
                subject, text = (part.format(pw=passphrase) for part in line.split(" | ", 1))
                to = town.partner()
                body = f"{to[0]} 様\n\nお世話になっております。\n\n{text}{SIGNED}" if turn else f"{text}\n"
                files = [file("meisai.zip", _archive(town, passphrase))] if group == "beside" else []
                page = ""
                if turn == 2 and group == "told":
                    page = f"<html><body><p>{escape(body).replace(chr(10), '<br>')}</p></body></html>"
                content = mail(subject, body, html=page, files=files, to=to)
                yield Sample(f"passphrases/{half}/{group}/{number:02d}-{turn}", half, content, expects)
    for number, line in enumerate(lists["doubtful"]):
        subject, text, expects, doubt = line.split(" | ")
        town = Town(half, f"passphrases/doubtful/{number}")
        content = mail(subject, text.format(pw=_passphrase(town)) + SIGNED, to=town.partner())
        yield Sample(f"passphrases/{half}/doubtful/{number}", half, content, expects, doubt)
    if half == "deciding":
        for turn in range(3):
            town = Town(half, f"passphrases/file/{turn}")
            note = file("password.txt", f"{_passphrase(town)}\n")
            content = mail(
                "資料とパスワード",
                f"パスワードは添付のテキストをご覧ください。{SIGNED}",
                files=[note],
                to=town.partner(),
            )
            yield Sample(
                f"passphrases/{half}/in-a-file/{turn}",
                half,
                content,
                "passphrase",
                "the file has nothing but the word",
            )
