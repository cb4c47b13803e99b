"""Pictures with and without QR codes, for tests."""

import io
from typing import Any

import zxingcpp
from PIL import Image


def code(text: str, scale: int = 5) -> Image.Image:
    """A QR code, black on white, with its quiet zone."""
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=scale)
    pixels = memoryview(made)
    return Image.frombytes("L", (pixels.shape[1], pixels.shape[0]), bytes(pixels))


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
