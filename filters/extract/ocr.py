"""Words in pictures, by Tesseract: an optional extra (`sekisho[ocr]`) with its data for Japanese and English.

The data are read before the walls close (`warm`); afterwards nothing is opened. Whoever has no extra or no data reads
nothing: `lack` says so, and a picture of text stays on record as unread.

Reading ends after the time that it is given, wherever it is; what was read by then counts, and is called incomplete.
"""

import os
from functools import cache
from typing import Any

from PIL import Image

LANGUAGES = ("jpn", "eng")
FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata",
)
"""Where Debian, Alpine, Arch and Fedora have Tesseract's languages."""
PLACE = "OCR"
"""How the place of a text ends that was read so: rules and people tell it by that."""
SIDE = 2_400
"""Pixels of the longer side of what is read: an A4 page at 200 dots per inch."""
SMALL = 1_300
"""A picture whose longer side has no more is drawn twice as large first: letters of a screen are too small."""
SURE = 40
"""Tesseract's confidence in percent, on the average, below which it has not read but guessed."""


@cache
def load() -> Any:
    """Tesseract with its languages, None where it is not installed."""
    try:
        import tesserocr
    except ImportError:
        return None
    for folder in FOLDERS:
        # It raises for a folder that is not there.
        if os.path.isdir(folder) and set(LANGUAGES) <= set(tesserocr.get_languages(folder)[1]):
            read = tesserocr.PyTessBaseAPI(path=folder, lang="+".join(LANGUAGES), psm=tesserocr.PSM.AUTO)
            read.SetVariable("preserve_interword_spaces", "1")  # else Japanese comes letter by letter
            return read
    return None


def lack() -> str:
    """What is missing, in a few words for operators; "" when words can be read."""
    if load() is not None:
        return ""
    try:
        import tesserocr  # noqa: F401
    except ImportError:
        return "the extra [ocr] is not installed"
    return f"no data of Tesseract for {' and '.join(LANGUAGES)}"


def warm() -> None:
    """Read a picture of nothing, so that all is loaded that reading loads."""
    words(Image.new("L", (80, 40), 255), 1.0)


def words(grey: Image.Image, seconds: float) -> tuple[str, bool]:
    """(the text in a picture in greyscale, whether it was read to its end and with some confidence)."""
    reader = load()
    if reader is None:
        return "", False
    if max(grey.size) <= SMALL:
        grey = grey.resize((2 * grey.width, 2 * grey.height))
    try:
        reader.SetImageBytes(grey.tobytes(), grey.width, grey.height, 1, grey.width)
        reader.SetSourceResolution(200)
        whole = bool(reader.Recognize(max(1, int(seconds * 1_000))))
        text = "\n".join(line.strip() for line in str(reader.GetUTF8Text()).splitlines() if line.strip())
        sure = reader.MeanTextConf() >= SURE
    except RuntimeError:
        return "", False
    finally:
        reader.Clear()
    return (text, whole) if sure else ("", False)
