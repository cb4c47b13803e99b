"""QR codes in pictures: what a phone reads when somebody points it at the mail; and whether there is writing in them: its
words, where they are read (filters/extract/ocr.py), else that nobody has read it.

Pillow decodes the five formats that mail programs show, zxing-cpp looks for codes. Pictures are limited
before anything is decoded: bytes, pixels and passes of a progressive JPEG; the whole mail has one budget of
pictures and pixels. Pictures larger than SIDE are reduced first: a code that fills a tenth of the width is
still found.
"""

import io
from collections.abc import Callable
from itertools import accumulate
from typing import Any

import zxingcpp
from PIL import (  # ImageColor: Pillow would load it at the first transparent picture
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageChops,
    ImageColor,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from filters.extract import ocr
from filters.extract.budget import Budget
from filters.extract.formats import reads
from filters.extract.found import Found
from filters.extract.raster import look

_FORMATS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
ImageFile.LOAD_TRUNCATED_IMAGES = True  # mail programs show as much of a damaged picture as there is

_MAGIC = (
    b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00",
    b"8BPS", b"\xd7\xcd\xc6\x9a", b"\x00\x00\x02\x00", b"\x00\x00\x00\x0cjP",
)  # fmt: skip
"""JPEG, PNG, GIF, TIFF, icons, Photoshop, WMF, cursors, JPEG 2000. Others are known by more (filters.extract.kinds)."""
BYTES = 20_000_000
PIXELS = 30_000_000
"""For one picture. A phone's camera makes 12 million; reading 30 million takes 120 MB."""
SIDE = 1_200
LEAST = 21
"""Modules of the smallest QR code: a picture with fewer pixels cannot contain one."""
PASSES = 64
"""Passes of a progressive JPEG. Ordinary ones have about ten; each costs as much as a whole picture."""
CODES = 10
TEXT = 7_089
"""Characters that the largest QR code holds (ISO/IEC 18004)."""
WIDE, HIGH = 300, 100
"""Pixels of the smallest picture that is asked for writing: less is a logo."""
_PAPER, _PAPER_SHARE = 48, 0.4
"""Shades that paper has at most, and how much of a page it covers at least."""
_STEP, _STEPS = 64, (0.015, 0.4)
"""Shades between paper and ink, and how many pixels of a page differ by so much from the one beside them."""
_PLAIN = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")
"""Pillow's modes that can be reduced without conversion."""


@reads("image", *_MAGIC)
def read(content: bytes, found: Found) -> None:
    """Add the QR codes of a picture to `found`, a sign when there is writing in it, and what is in the file besides."""
    if (grey := _seen(content, found.budget)) is not None:
        if found.budget.searches:
            for text in _codes(grey, found.budget):
                found.codes.append((found.prefix.rstrip("/"), text))
        if is_written(grey):
            _words(content, grey, found)
    look(content, found)
    found.verdicts.append("ok")


def _words(content: bytes, grey: "Image.Image", found: Found) -> None:
    """The words of a picture that looks like a page, and whether all were read."""
    whole, budget = False, found.budget
    if budget.takes_page():
        large = _seen(content, budget, ocr.SIDE) if budget.pictures > 0 and budget.pixels >= PIXELS else None
        text, whole = ocr.words(large or grey, budget.page_seconds)
        found.text(ocr.PLACE, text)
    found.sign("picture_read" if whole else "picture_of_text", f"{grey.width} x {grey.height}")


def codes(content: bytes, budget: Budget) -> list[str]:
    """The texts of the QR codes in a picture; [] for one that is damaged, too large or beyond the mail's
    budget, which counts those."""
    grey = _seen(content, budget) if budget.searches else None
    return _codes(grey, budget) if grey is not None else []


def is_written(grey: "Image.Image") -> bool:
    """True for a picture that looks like a page: much of one shade, and many sharp steps between that and another."""
    if grey.width < WIDE or grey.height < HIGH:
        return False
    import numpy as np  # the gateway imports this file but reads none, and is spared 24 MB

    pixels = grey.width * grey.height
    beside = ImageChops.difference(grey, ImageChops.offset(grey, 1, 0)).tobytes()
    # Most pictures end here. A histogram would say the same, and takes twenty times as long.
    steps = np.count_nonzero(np.frombuffer(beside, np.uint8) >= _STEP)
    if not _STEPS[0] * pixels <= steps <= _STEPS[1] * pixels:
        return False
    sums = [0, *accumulate(grey.histogram())]
    return max(sums[end] - sums[end - _PAPER] for end in range(_PAPER, 257, 8)) >= _PAPER_SHARE * pixels


def _seen(content: bytes, budget: Budget, side: int = SIDE) -> "Image.Image | None":
    """The picture in greyscale; None for one that is damaged, too large or beyond the mail's budget, which counts those."""
    if budget.pictures <= 0 or len(content) > BYTES:
        budget.pass_over()
        return None
    try:
        return _opened(content, budget, side)
    except Exception:
        return None  # what cannot be decoded shows nothing


def _opened(content: bytes, budget: Budget, side: int) -> "Image.Image | None":
    opener = next((o for magic, o in _openers() if content.startswith(magic)), None)
    if opener is None:
        return None
    picture = opener(io.BytesIO(content))
    width, height = picture.size
    if min(width, height) < LEAST:
        return None
    slow = content.startswith(b"\xff\xd8") and content.count(b"\xff\xda") > PASSES
    if slow or width * height > min(PIXELS, budget.pixels):
        budget.pass_over()
        return None
    budget.pictures -= 1
    budget.pixels -= width * height
    return _grey(picture, side)


def _codes(grey: "Image.Image", budget: Budget) -> list[str]:
    try:
        return codes_in(grey.tobytes(), grey.width, grey.height, grey.width, budget)
    except Exception:
        return []


def codes_in(pixels: bytes, width: int, height: int, stride: int, budget: Budget) -> list[str]:
    """The texts of the first CODES QR codes in `height` rows of `width` greyscale pixels, a row every `stride` bytes;
    more are counted by the budget."""
    if height < 1 or width < 1 or stride < width or len(pixels) < stride * (height - 1) + width:
        return []
    # The view does not keep the bytes alive; the caller must.
    buffer: Any = memoryview(pixels)
    view = zxingcpp.ImageView(buffer, width, height, zxingcpp.ImageFormat.Lum, stride, 1)
    found = zxingcpp.read_barcodes(view, formats=_FORMATS)
    texts = list(dict.fromkeys(code.text[:TEXT] for code in found if code.text))
    if len(texts) > CODES:
        budget.pass_over()
    return texts[:CODES]


def _openers() -> list[tuple[bytes, Callable[[io.BytesIO], Any]]]:
    """First bytes -> reader. Listed one by one, because otherwise Pillow would load the readers of fifty formats."""
    return [
        (b"\x89PNG", PngImagePlugin.PngImageFile),
        (b"\xff\xd8\xff", JpegImagePlugin.JpegImageFile),
        (b"GIF8", GifImagePlugin.GifImageFile),
        (b"RIFF", WebPImagePlugin.WebPImageFile),
        (b"BM", BmpImagePlugin.BmpImageFile),
    ]


def _grey(picture: "ImageFile.ImageFile", side: int) -> "Image.Image":
    """The picture in greyscale on white, at most `side` pixels wide and high."""
    picture.draft("L", (side, side))
    picture.load()
    seen: Image.Image = picture
    clear = "transparency" in picture.info
    if seen.mode not in _PLAIN or clear:
        seen = seen.convert("RGBA" if clear or seen.mode == "PA" else "L")
    if (largest := max(seen.size)) > side:
        seen = seen.reduce(-(-largest // side))
    if seen.mode in ("LA", "RGBA"):
        layer = seen.convert("RGBA")
        seen = Image.new("RGBA", layer.size, ImageColor.getrgb("white"))
        seen.alpha_composite(layer)
    return seen.convert("L")


def code(text: str) -> bytes:
    """A PNG with a QR code, for examples and samples."""
    made: Any = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=4)
    pixels: Any = memoryview(made)
    out = io.BytesIO()
    Image.frombytes("L", (pixels.shape[1], pixels.shape[0]), bytes(pixels)).save(out, "PNG")
    return out.getvalue()


def samples() -> dict[str, bytes]:
    """A small code in each supported format, for `warm`."""
    picture = PngImagePlugin.PngImageFile(io.BytesIO(code("warm")))
    found = {}
    for kind, mode in (("png", "LA"), ("jpg", "RGB"), ("gif", "P"), ("webp", "RGBA"), ("bmp", "RGB")):
        out = io.BytesIO()
        picture.convert(mode).save(out, {"jpg": "JPEG"}.get(kind, kind.upper()))
        found[f"code.{kind}"] = out.getvalue()
    return found
