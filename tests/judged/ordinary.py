"""Ordinary outgoing mail. `expects` is "flows": the default policy may delay it, but neither refuse it, nor ask for
an approval, nor wait for its sender."""

from collections.abc import Iterator

from tests.judged import Half, Sample
from tests.judged.letters import letters, varied
from tests.judged.odd_mail import ODD
from tests.judged.people import Town

LETTERS, STRUCTURES = 42, 12  # variants of each kind


def samples(half: Half) -> Iterator[Sample]:
    """Each letter varied, then mail that is odd in form."""
    for turn in range(LETTERS):
        town = Town(half, f"ordinary/{turn}")
        for letter in letters(town):
            doubt = (
                "one number in eleven passes, beside the word マイナンバー"
                if letter.kind == "year-end"
                else ""
            )
            yield Sample(
                f"ordinary/{half}/{letter.kind}/{turn:02d}", half, varied(town, letter), "flows", doubt
            )
    for kind, make in ODD[half].items():
        doubt = "longer than RFC 5321 allows a line to be" if kind == "lines-5000" else ""
        for turn in range(STRUCTURES):
            content = make(Town(half, f"ordinary/{kind}/{turn}"))
            yield Sample(f"ordinary/{half}/{kind}/{turn:02d}", half, content, "flows", doubt)
