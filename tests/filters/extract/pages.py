"""Pages as pictures, in Japanese too, for tests of what reads them."""

import io
import os
from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from filters.extract import ocr

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
"""Of Debian's fonts-noto-cjk."""

needs_ocr = pytest.mark.skipif(
    os.environ.get("SEKISHO_TEST_REQUIRE") != "1" and (bool(ocr.lack()) or not os.path.exists(FONT)),
    reason=ocr.lack() or "no font with Japanese letters",
)


def drawn(*lines: str, size: tuple[int, int] = (1_000, 700), letters: int = 22) -> Image.Image:
    """A page in black on white; other lines stand below, as on a page."""
    page = Image.new("L", size, 255)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, letters)
    more = ["いつもお世話になっております。", "Kind regards, the sales team"]
    for number in range((size[1] - 4 * letters) // (2 * letters)):
        line = lines[number] if number < len(lines) else more[(number - len(lines)) % 2]
        pen.text((2 * letters, 2 * letters * (number + 1)), line, fill=0, font=font)
    return page


def picture(*lines: str) -> bytes:
    """The page as a PNG."""
    out = io.BytesIO()
    drawn(*lines).save(out, "PNG")
    return out.getvalue()


def scan(*pages: Sequence[str]) -> bytes:
    """A PDF of scanned pages."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for lines in pages:
        shown = drawn(*lines, size=(1_240, 1_754))
        canvas.drawImage(ImageReader(shown), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
