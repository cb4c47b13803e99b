"""QR codes without a picture."""

import pytest

from filters.extract.budget import Budget
from filters.extract.picture import codes_in
from filters.reading import drawn
from tests.filters.extract.pictures import code
from tests.filters.inbound.arriving import arrived, mail, weight

LINK = "https://pages.other.example.net/q"


def modules() -> list[list[bool]]:
    """The code's modules, without its quiet zone."""
    made = code(LINK, scale=1)
    box = made.point(lambda p: 255 - p).getbbox()
    cut = made.crop(box)
    return [[cut.getpixel((x, y)) < 128 for x in range(cut.width)] for y in range(cut.height)]


def letters() -> str:
    rows = modules()
    rows += [[False] * len(rows[0])] * (len(rows) % 2)
    shape = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    lines = (
        "".join(shape[pair] for pair in zip(a, b, strict=True))
        for a, b in zip(rows[::2], rows[1::2], strict=True)
    )
    return "\n".join(lines)


def doubled() -> str:
    return "\n".join("".join("██" if dark else "  " for dark in row) for row in modules())


def table(attribute: str = 'bgcolor="{}"') -> str:
    cells = (
        "".join(f"<td {attribute.format('#000000' if dark else '#ffffff')}></td>" for dark in row)
        for row in modules()
    )
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def said(drawings: list[drawn.Drawing]) -> list[str]:
    return [t for d in drawings for t in codes_in(d.pixels, d.width, d.height, d.width, Budget())]


@pytest.mark.parametrize(
    "text", [letters(), doubled(), f"Scan:\n\n{letters()}\n\nThank you.".replace("\n", "\r\n")]
)
def test_letters_are_read(text: str) -> None:
    assert said(list(drawn.in_text(text))) == [LINK]


@pytest.mark.parametrize(
    "attribute", ['bgcolor="{}"', "style='background-color: {}'", 'style="width:4px;background:{}"']
)
def test_cells_are_read(attribute: str) -> None:
    assert said(list(drawn.in_page(f"<p>Scan:</p>{table(attribute)}"))) == [LINK]


def test_ordinary_texts_and_tables_draw_nothing() -> None:
    assert not list(drawn.in_text("█ sales ███\n" * 5))
    assert not list(drawn.in_page("<table>" + "<tr><td>1</td><td>2</td></tr>" * 400 + "</table>"))


@pytest.mark.parametrize("form", ["text", "page"])
def test_where_they_lead_is_judged(form: str) -> None:
    raw = mail(letters()) if form == "text" else mail("", html=table())
    assert [link.target for link in arrived(raw).incoming.code_links] == [LINK]
    assert weight("qr_link", raw) == 3
