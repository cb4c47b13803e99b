"""What reading one mail may cost: one budget for all attachments and everything inside them."""

from filters.extract.reason import Reason, Stop

APART = 32 << 20
"""Bytes of a mail's files that are handed out to a virus scanner besides the mail itself."""
FILES = 2_000
"""Most files that are handed out."""


class Budget:
    """Counts down while one mail is read; going over raises Stop and never passes silently.

    depth       levels of containers inside containers
    members     members of all containers in total
    size        bytes inflated in total
    ratio       inflated : compressed, of one member (checked beyond FREE bytes)
    characters  of text for rules to look at in total
    pictures    to look at in total; 0: none. `searches`: QR codes are searched for in them
    pixels      of these pictures in total
    pages       pages and pictures of text whose words are read (filters/extract/ocr.py), each for `page_seconds`

    apart       bytes of files inside others that are handed out to a virus scanner in total; 0: none are

    `files` are those that were handed out; `kept_back`: there was no room for one that no scanner finds by itself.
    `unsearched` counts pictures that were too large, or too many, to be searched.
    """

    FREE = 10_000_000

    def __init__(
        self,
        depth: int = 5,
        members: int = 1_000,
        size: int = 250_000_000,
        ratio: int = 100,
        characters: int = 50_000_000,
        pictures: int = 0,
        searches: bool = True,
        pixels: int = 60_000_000,
        pages: int = 0,
        page_seconds: float = 0.0,
        apart: int = 0,
    ) -> None:
        self.depth = depth
        self.members = members
        self.size = size
        self.ratio = ratio
        self.characters = characters
        self.pictures = pictures
        self.pixels = pixels
        self.pages = pages
        self.page_seconds = page_seconds
        self.unsearched = 0
        self.hands_out = apart > 0
        self.apart = apart
        self.files: list[bytes] = []
        self.kept_back = False
        self.searches = searches and pictures > 0

    def take_member(self, count: int = 1) -> None:
        self.members -= count
        if self.members < 0:
            raise Stop(Reason.MEMBERS, "too many members")

    def takes_page(self) -> bool:
        """True when one more page, or picture of text, is read; it is counted."""
        self.pages -= 1
        return self.pages >= 0

    def pass_over(self) -> None:
        """A picture is not searched for QR codes, although pictures are."""
        self.unsearched += self.searches

    def hand_out(self, content: bytes, *, hidden: bool) -> None:
        """A file for the scanner; `hidden`: it cannot find it by itself."""
        if not self.hands_out or not content:
            return
        if len(content) > self.apart or len(self.files) >= FILES:
            self.kept_back |= hidden
            return
        self.apart -= len(content)
        self.files.append(bytes(content))

    def take_bytes(self, count: int, inflated: int = 0, compressed: int = 0) -> None:
        """Spend `count` bytes; `inflated` and `compressed` are the totals of the member so far."""
        self.size -= count
        if self.size < 0:
            raise Stop(Reason.BYTES, "too many bytes")
        if inflated > self.FREE and inflated > self.ratio * max(compressed, 1):
            raise Stop(Reason.RATIO, "compressed too well to be true")

    def take_text(self, text: str) -> str:
        self.characters -= len(text)
        if self.characters < 0:
            raise Stop(Reason.TEXT, "too much text")
        return text
