"""Attacks of 2024 to 2026, each in two variants. `expects` is "warned"."""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.fourth import told
from tests.judged.fourth.arrivals import composed, delivered, filled, seen
from tests.judged.fourth.carried import carried
from tests.judged.people import Town


def arrivals(which: str, half: Half, expects: str, name: str = "", prefix: str = "") -> Iterator[Sample]:
    """The mails of data/NAME_HALF.toml, each twice."""
    for one in told(name or which, half).get("mail", []):
        for turn in range(2):
            town = Town(half, f"{which}/{one['kind']}/{turn}")
            extra = Town(half, f"{which}/{one['kind']}/{turn}/files")
            token = f"{extra.draw.getrandbits(40):010x}"
            lines = [filled(line, extra, token, turn) for line in one.get("files", [])]
            content = composed(one, town, turn, [carried(line) for line in lines])
            yield Sample(
                f"{which}/{half}/{prefix}{one['kind']}/{turn}",
                half,
                delivered(one, content),
                expects,
                one.get("doubt", ""),
                seen(one, half),
            )


def samples(half: Half) -> Iterator[Sample]:
    """As they are listed."""
    yield from arrivals("attacks", half, "warned")
