"""Letters around a text: greeting and signature in its language, history below, HTML, charset."""

from html import escape

from tests.judged.mime import File, mail
from tests.judged.people import Town

SENDER = ("木村 亜希", "a.kimura@corp.example")
SIGNED = (
    "\n\n木村 亜希\n株式会社コーポ 管理部\n電話 03-5550-0177（直通）\n",
    "\n\n----------------------------------------\n株式会社コーポ\n管理部 木村 亜希（きむら あき）\n"
    "TEL: 03-5550-0177  FAX: 03-5550-0179\nMail: a.kimura@corp.example\n----------------------------------------\n",
    "\n\n□■□■□■□■□■□■□■□■\n(株)コーポ 管理部 木村\n内線 4177\n□■□■□■□■□■□■□■□■\n",
    "\n\n以上、よろしくお願い申し上げます。\n\nコーポ 木村\n",
)
SIGNED_ABROAD = (
    "\n\nBest,\nAki Kimura\n",
    "\n\nKind regards,\n\nAki Kimura\nAdministration | Corp Inc.\n+81 3 5550 0177 | www.corp.example\n",
    "\n\n-- \nAki Kimura, Corp Inc., Tokyo\n",
)
HELLO = (
    "平素より大変お世話になっております。",
    "お疲れさまです。",
    "いつもありがとうございます。コーポの木村です。",
)


def abroad(text: str) -> bool:
    """Whether a text has no kana at all."""
    return not any("\u3040" <= letter <= "\u30ff" for letter in text)


def letter(town: Town, text: str, to: tuple[str, str]) -> str:
    """The text with a greeting and a signature."""
    draw = town.draw
    if abroad(text):
        return (
            f"Hello {to[0].split()[0] if to[0].isascii() else 'all'},\n\n{text}{draw.choice(SIGNED_ABROAD)}"
        )
    return f"{to[0].split()[0]}様\n\n{draw.choice(HELLO)}\n\n{text}{draw.choice(SIGNED)}"


def below(to: tuple[str, str], text: str = "", *, foreign: bool = False) -> str:
    """What the other one wrote before, as another program quotes it."""
    if foreign:
        head = f"From: {to[0]} <{to[1]}>\nSent: Friday, November 13, 2026 4:42 PM\nTo: Aki Kimura\nSubject: Question"
        return f"\n\n-----Original Message-----\n{head}\n\n{text or 'Thank you, I look forward to your answer.'}\n\n{to[0]}\n"
    said = text or "先日はありがとうございました。資料の件、どうぞよろしくお願いいたします。"
    head = f"差出人: {to[0]} <{to[1]}>\n送信日時: 2026年11月13日 16:42\n宛先: 木村 亜希\n件名: お願い"
    return f"\n\n________________________________\n{head}\n\n{said}\n\n{to[0]}\n"


def page(text: str) -> str:
    """A text as an HTML page, a paragraph for each block."""
    blocks = "".join(f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in text.split("\n\n"))
    return f'<html><body style="font-family:游ゴシック">{blocks}</body></html>'


def sent(
    town: Town, subject: str, text: str, *, shape: int = 0, html: str = "", files: tuple[File, ...] = ()
) -> bytes:
    """A mail of the text: 0 bare, 1 a letter, 2 with HTML, 3 above history, 4 in ISO-2022-JP where it can be."""
    to = town.partner()
    body = f"{text}\n" if shape == 0 else letter(town, text, to)
    charset = "utf-8"
    if shape == 3:
        body += below(to)
    if shape == 4:
        try:
            body.replace("〜", "～").encode("iso-2022-jp")
            body, charset = body.replace("〜", "～"), "iso-2022-jp"
        except UnicodeEncodeError:
            pass
    return mail(
        subject,
        body,
        html=html or (page(body) if shape == 2 else ""),
        files=files,
        sender=SENDER,
        to=to,
        charset=charset,
        date=f"Mon, 16 Nov 2026 {town.draw.randint(9, 18):02d}:{town.draw.randint(0, 59):02d}:07 +0900",
    )
