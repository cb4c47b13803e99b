"""How mails look in HTML: what mail programs, shops, banks and kits make of a text."""

import zlib
from collections.abc import Callable
from html import escape

Look = Callable[[str, str, str, str, str], str]
_HEAD = (
    '<!DOCTYPE html>\n<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
)


def _table(rows: list[str]) -> str:
    cells = "".join(
        "<tr>" + "".join(f'<td style="padding:4px 12px;border-bottom:1px solid #ddd">{cell.strip()}</td>' for cell in row.split(" | ")) + "</tr>\n"
        for row in rows
    )  # fmt: skip
    return f'<table cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:14px">\n{cells}</table>'


def _blocks(text: str, link: str, button: str, clicked: str) -> str:
    """Paragraphs and tables; where `{link}` stands alone comes what is clicked."""
    out = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        if len(lines) > 1 and all(" | " in line for line in lines):
            out.append(_table([escape(line) for line in lines]))
            continue
        shown = escape(block).replace("\n", "<br>\n")
        if shown.strip() == "{link}" and button:
            out.append(clicked.format(link=escape(link), button=escape(button)))
            continue
        anchor = f'<a href="{escape(link)}">{escape(button or link)}</a>'
        out.append(f"<p>{shown.replace('{link}', anchor)}</p>")
    return "\n".join(out)


def _parted(text: str) -> tuple[str, str]:
    above, _, below = text.partition("\n---\n")
    return above, below


def outlook(text: str, link: str = "", button: str = "", *_: str) -> str:
    """As Word writes it for Outlook."""
    lines = []
    for line in text.replace("\n---\n", "\n\n").split("\n"):
        shown = escape(line).replace("{link}", f'<a href="{escape(link)}">{escape(button or link)}</a>')
        lines.append(
            f"<p class=MsoNormal><span lang=JA style='font-size:10.5pt;font-family:\"游ゴシック\"'>{shown or '&nbsp;'}<o:p></o:p></span></p>"
        )
    body = "\n".join(lines)
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">\n'
        '<head>\n<meta http-equiv=Content-Type content="text/html; charset=utf-8">\n<meta name=Generator content="Microsoft Word 15 (filtered medium)">\n'
        "<style><!--\n@font-face {font-family:游ゴシック;}\np.MsoNormal {margin:0mm;font-size:10.5pt;}\n--></style>\n</head>\n"
        f'<body lang=JA link="#0563C1" vlink="#954F72">\n<div class=WordSection1>\n{body}\n</div>\n</body>\n</html>\n'
    )  # fmt: skip


def plain(text: str, link: str, button: str, name: str, colour: str) -> str:
    """Paragraphs and nothing else."""
    body = _blocks(text.replace("\n---\n", "\n\n"), link, button, '<p><a href="{link}">{button}</a></p>')
    return f"<html><body>\n{body}\n</body></html>\n"


def card(text: str, link: str, button: str, name: str, colour: str) -> str:
    """A white card on grey, with a logo, a round button and small print."""
    above, below = _parted(text)
    clicked = f'<p style="text-align:center;margin:28px 0"><a href="{{link}}" style="background:{colour};border-radius:4px;color:#ffffff;display:inline-block;padding:12px 32px;text-decoration:none;font-weight:bold">{{button}}</a></p>'
    small = _blocks(below, link, "", "")
    return (
        f'{_HEAD}<style>body{{margin:0;background:#f4f4f4}} .c{{max-width:600px;margin:0 auto;background:#fff;padding:32px}}</style>\n</head>\n'
        f'<body>\n<div style="background:#f4f4f4;padding:24px 0;font-family:-apple-system,\'Segoe UI\',Meiryo,sans-serif;font-size:15px;line-height:1.6;color:#222">\n'
        f'<div class="c"><div style="font-size:22px;font-weight:bold;color:{colour};padding-bottom:16px">{escape(name)}</div>\n'
        f"{_blocks(above, link, button, clicked)}\n</div>\n"
        f'<div style="max-width:600px;margin:0 auto;padding:16px 32px;font-size:11px;color:#888">{small}</div>\n</div>\n</body>\n</html>\n'
    )  # fmt: skip


def bar(text: str, link: str, button: str, name: str, colour: str) -> str:
    """Tables all the way, a coloured bar above, the button a cell."""
    above, below = _parted(text)
    clicked = f'<table role="presentation" cellspacing="0" cellpadding="0" border="0"><tr><td bgcolor="{colour}" style="padding:10px 26px"><a href="{{link}}" target="_blank" style="color:#ffffff;text-decoration:none;font-size:15px">{{button}}</a></td></tr></table>'
    return (
        f'{_HEAD}<title>{escape(name)}</title>\n</head>\n<body bgcolor="#eeeeee" style="margin:0">\n'
        '<table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0"><tr><td align="center">\n'
        '<table role="presentation" width="620" cellspacing="0" cellpadding="0" border="0" bgcolor="#ffffff">\n'
        f'<tr><td bgcolor="{colour}" height="56" style="padding:0 24px;color:#ffffff;font-size:18px;font-family:Arial,Meiryo,sans-serif">{escape(name)}</td></tr>\n'
        f'<tr><td style="padding:24px;font-family:Arial,Meiryo,sans-serif;font-size:14px;color:#333333">\n{_blocks(above, link, button, clicked)}\n</td></tr>\n'
        f'<tr><td bgcolor="#f7f7f7" style="padding:16px 24px;font-family:Arial,Meiryo,sans-serif;font-size:11px;color:#777777">{_blocks(below, link, "", "")}</td></tr>\n'
        "</table>\n</td></tr></table>\n</body>\n</html>\n"
    )  # fmt: skip


def news(text: str, link: str, button: str, name: str, colour: str) -> str:
    """A newsletter: a line to read it elsewhere, sections, an address below, a picture that counts who opened it."""
    above, below = _parted(text)
    clicked = f'<p><a href="{{link}}" style="border:1px solid {colour};color:{colour};padding:8px 18px;text-decoration:none">{{button}}</a></p>'
    number = zlib.crc32(text.encode())
    host = link.split("/")[2] if link.count("/") > 1 else "www.example.org"
    return (
        f'{_HEAD}</head>\n<body style="margin:0;padding:0">\n<div style="display:none;max-height:0;overflow:hidden">{escape(above.split(chr(10))[0])}</div>\n'
        f'<p style="text-align:right;font-size:10px"><a href="https://{host}/view/{number:x}">Web</a></p>\n'
        f'<h1 style="font-size:20px;color:{colour};border-bottom:3px solid {colour}">{escape(name)}</h1>\n{_blocks(above, link, button, clicked)}\n'
        f'<hr><div style="font-size:11px;color:#666">{_blocks(below, link, "", "")}</div>\n'
        f'<img src="https://{host}/o/{number:x}.gif" width="1" height="1" alt="">\n</body>\n</html>\n'
    )  # fmt: skip


def kit(text: str, link: str, button: str, name: str, colour: str) -> str:
    """As kits for phishing make it: filling that nobody sees, letters apart in spans, everything inline."""
    above, below = _parted(text)
    number = zlib.crc32(text.encode())
    clicked = f'<center><div style="background-color:{colour};width:260px;padding:14px"><a href="{{link}}" style="color:#fff;text-decoration:none;font-size:16px"><b>{{button}}</b></a></div></center>'
    return (
        f'<html><head><meta charset="utf-8"><style>.x{number:x}{{font-size:0;color:transparent;line-height:0}}</style></head>\n'
        f'<body style="font-family:Helvetica,\'Hiragino Sans\',sans-serif"><span class="x{number:x}">{number:08x} {number * 7 % 10**9}</span>\n'
        f'<div style="width:100%;max-width:580px;margin:auto;border:1px solid #ddd"><div style="padding:12px 20px;border-bottom:2px solid {colour}">'
        f'<span style="color:{colour};font-size:20px"><b>{escape(name)}</b></span></div>\n<div style="padding:20px">\n{_blocks(above, link, button, clicked)}\n</div>\n'
        f'<div style="padding:12px 20px;background:#fafafa;font-size:10px;color:#999">{_blocks(below, link, "", "")}</div></div>\n'
        f'<div style="display:none">{number:x}-{number % 997}</div></body></html>\n'
    )  # fmt: skip


STYLES: dict[str, Look] = {
    "plain": plain,
    "card": card,
    "bar": bar,
    "news": news,
    "kit": kit,
    "outlook": outlook,
}
