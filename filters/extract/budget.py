"""What one mail may cost to read: one budget for all its attachments and everything inside them."""


class Stop(Exception):
    """Reading ends here. `verdict` is the word for why: "limit", "corrupt", "encrypted" or "unsupported"."""

    def __init__(self, verdict: str, why: str = "") -> None:
        super().__init__(why or verdict)
        self.verdict = verdict


class Budget:
    """Counts down while one mail is read; what goes over raises Stop("limit"), never passes silently.

    depth       levels of containers inside containers
    members     members of all containers together
    size        bytes inflated, all together
    ratio       inflated : compressed of one member (looked at beyond FREE bytes)
    characters  of text that rules will look at, all together
    pictures    that are searched for QR codes, all together; 0: none
    pixels      of these pictures, all together
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
        pixels: int = 60_000_000,
    ) -> None:
        self.depth = depth
        self.members = members
        self.size = size
        self.ratio = ratio
        self.characters = characters
        self.pictures = pictures
        self.pixels = pixels

    def take_member(self, count: int = 1) -> None:
        self.members -= count
        if self.members < 0:
            raise Stop("limit", "too many members")

    def take_bytes(self, count: int, inflated: int = 0, compressed: int = 0) -> None:
        """Spend `count` bytes; `inflated` and `compressed` are the totals of the member so far."""
        self.size -= count
        if self.size < 0:
            raise Stop("limit", "too many bytes")
        if inflated > self.FREE and inflated > self.ratio * max(compressed, 1):
            raise Stop("limit", "compressed too well to be true")

    def take_text(self, text: str) -> str:
        self.characters -= len(text)
        if self.characters < 0:
            raise Stop("limit", "too much text")
        return text
