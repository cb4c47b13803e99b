"""Whether a picture, sound or font is only that: nothing stands behind it or in it that is a file or a text of its own."""

from filters.extract import media, raster
from filters.extract.budget import Budget
from filters.extract.found import Found


def alone(kind: str, content: bytes) -> bool:
    """True when nothing in a file of kind "image", "font", "audio" or "video" is left to read."""
    left: list[str] = []

    def noted(name: str, content: bytes, found: Found) -> str:
        left.append(name)
        return "text"

    (raster if kind == "image" else media).look(content, Found(Budget(), noted))
    return not left
