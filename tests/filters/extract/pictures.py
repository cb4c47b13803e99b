"""Pictures with and without QR codes, for tests."""

import io
from typing import Any

import zxingcpp
from PIL import Image, ImageDraw, ImageFont
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas


def code(text: str, scale: int = 5) -> Image.Image:
    """A QR code, black on white, with its quiet zone."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=scale)
    pixels = memoryview(made)
    return Image.frombytes("L", (pixels.shape[1], pixels.shape[0]), bytes(pixels))


def pdf(text: str, kind: str = "image", page: int = 1) -> bytes:
    """A PDF with a QR code as an image or as drawn squares on one of its pages."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for number in range(1, page + 1):
        canvas.drawString(50, 800, f"page {number}")
        if number == page and kind == "image":
            canvas.drawImage(ImageReader(code(text)), 200, 400, 150, 150)
        elif number == page:
            drawing = Drawing(120, 120)
            drawing.add(QrCodeWidget(text))
            renderPDF.draw(drawing, canvas, 200, 400)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The bytes of a file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def on_transparent(picture: Image.Image) -> Image.Image:
    """The dark parts alone."""
    clear = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=picture.point(lambda value: 255 - value))
    return clear


def written(text: str, kind: str = "PNG", size: tuple[int, int] = (800, 400)) -> bytes:
    """A picture of a page: `text` many times, in black on white."""
    page = Image.new("L", size, 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=16)
    for line in range(10, size[1] - 20, 24):
        pen.text(
            (10, line), f"{text} The quick brown fox jumps over the lazy dog {line} " * 2, fill=0, font=font
        )
    return saved(page, kind)
