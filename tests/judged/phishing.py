"""Japanese phishing in the style of this year, with the zone that its sender would have. `expects` is "warned".

Each mail comes twice: with its zone (`facts["zone"]`), and for a gateway without DNS (`zone` is empty).
"""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.arriving import arrived, facts, parsed
from tests.judged.attacks import known
from tests.judged.people import Town, data

_DIV = '<div style="max-width:600px;font-family:Meiryo,sans-serif">'
BUTTON = {
    "development": '<a href="{link}" style="background:#f90;padding:12px;color:#fff">ご確認はこちら</a>',
    "deciding": '<table role="presentation"><tr><td bgcolor="#1a73e8"><a href="{link}">手続きを進める</a></td></tr></table>',
}


def samples(half: Half) -> Iterator[Sample]:
    """In HTML or text, with odd fillings as they come."""
    for number, line in enumerate(data("phishing", half)["mails"]):
        kind, sender, auth, subject, text, link = line.split(" | ")
        text = text.replace("\\", "\n")
        told = facts(parsed(sender)[1], auth) | {"known": known(half)}
        for turn, zone in enumerate((told["zone"], {})):
            town = Town(half, f"phishing/{kind}/{turn}")
            token = f"{town.draw.getrandbits(48):x}"
            target = f"{link}{'&' if '?' in link else '?'}t={token}"
            foot = f"\n\n※本メールは送信専用です。\n発行元：{parsed(sender)[0]}\nお問い合わせ番号 {town.draw.randint(10**7, 10**8)}"
            page = ""
            plain = f"y.sato@corp.example 様\n\n{text}\n\n{target}{foot}"
            if number % 3 != 1:
                filling = (
                    f'<span style="display:none">{token} {town.person().english}</span>' if number % 2 else ""
                )
                lines = "".join(f"<p>{part}</p>" for part in text.split("\n"))
                page = f"<html><body>{_DIV}{lines}{BUTTON[half].format(link=target)}{filling}<p>{foot}</p></div></body></html>"
                plain = text if number % 4 else "HTML"
            content = arrived(town, sender, subject, plain, html=page)
            name = f"phishing/{half}/{kind}/{'without-dns' if turn else 'zone'}"
            yield Sample(name, half, content, "warned", "", told | {"zone": zone})
