"""Arriving letters of companies that quote links to genuine, well-known sites. `expects` is "clean".

Every third author is nobody we know; all pass SPF and DMARC.
"""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.arriving import arrived, facts
from tests.judged.attacks import known
from tests.judged.people import Town, data


def samples(half: Half) -> Iterator[Sample]:
    """Each letter as text, as HTML with the links to be clicked, and (deciding) in an answer that quotes it."""
    for number, line in enumerate(data("citing", half)["letters"]):
        subject, text = line.split(" | ", 1)
        for turn in range(2 if half == "development" else 3):
            town = Town(half, f"citing/{number}/{turn}")
            one, (company, domain) = town.person(), town.company()
            if number % 3 == 2:
                company, domain = (
                    f"{one.family}事務所",
                    f"{one.box.split('@')[0].replace('.', '-').replace('_', '-')}-office.example",
                )
            english = text.isascii()
            name, box = one.english if english else one.name, f"{one.box.split('@')[0]}@{domain}"
            body = (
                f"Dear Yuki,\n\n{text}\n\nBest regards\n{name}\n"
                if english
                else f"佐藤様\n\nお世話になっております。{company}の{name}です。\n\n{text}\n\nよろしくお願いいたします。\n\n{name}\n{company}\n"
            )
            page = ""
            if turn == 2:
                subject = f"Re: {subject}"
                thanks = "Thanks, that helps." if english else "ありがとうございます。拝見しました。"
                ours = f"佐藤です。お世話になっております。\n\n{text}\n"
                body = f"{thanks}\n\n{name}\n\n" + "\n".join(f"> {line}" for line in ours.split("\n"))
            if turn == 1:
                words = body.replace("\n", "<br>").split("https://")
                page = words[0]
                for piece in words[1:]:
                    url = piece.split("<br>")[0].split(" ")[0].rstrip(".,")
                    page += f'<a href="https://{url}">https://{url}</a>{piece[len(url) :]}'
                page = f"<html><body>{page}</body></html>"
            content = arrived(town, f"{name} <{box}>", subject, body, html=page)
            told = facts(box, "pass") | {"known": known(half)}
            kind = f"{'unknown' if number % 3 == 2 else 'known'}-{('text', 'html', 'quoted')[turn]}"
            yield Sample(f"citing/{half}/{kind}/{number:02d}-{turn}", half, content, "clean", "", told)
