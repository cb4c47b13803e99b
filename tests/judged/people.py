"""Invented people, addresses and companies: other ones in each half."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.judged import Half

HERE = Path(__file__).parent


@cache
def data(name: str, half: Half) -> dict[str, list[str]]:
    """The lists of tests/judged/<name>/<half>.toml; of later sets, of their data.

    Who calls in the arriving mails of the sixth set is apart from the people of its leaving ones (folk).
    """
    path = HERE / name / f"{half}.toml"
    if half == "fifth-deciding":
        path = HERE / "fifth" / "data" / f"{name}_deciding.toml"
    if half == "sixth-deciding":
        shown = "callers" if name == "people" else name
        path = HERE / "sixth" / "data" / f"{shown}_deciding.toml"
    if half in ("fourth", "fourth-deciding"):
        path = HERE / "fourth" / "data" / f"{name}_{'development' if half == 'fourth' else 'deciding'}.toml"
    return tomllib.loads(path.read_text("utf-8"))


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    family: str
    first: str
    kana: str
    family_kana: str
    first_kana: str
    english: str
    box: str
    postal: str
    prefecture: str
    town: str  # with street and numbers
    street: str  # abroad
    mobile: str  # 11 digits
    home: str  # 10 digits
    born: tuple[int, int, int]

    @property
    def name(self) -> str:
        return f"{self.family} {self.first}"

    @property
    def address(self) -> str:
        return self.prefecture + self.town


class Town:
    """People and companies of one half, drawn from one seed."""

    def __init__(self, half: Half, seed: str) -> None:
        self.half = half
        self.draw = random.Random(f"{half}/{seed}")
        self.lists = data("people", half)

    def person(self) -> Person:
        draw, lists = self.draw, self.lists
        family, family_kana, roman = draw.choice(lists["surnames"]).split()
        first, first_kana, letters = draw.choice(lists["given"]).split()
        at = draw.randrange(len(lists["places"]))
        prefecture, town = lists["places"][at].split(" ", 1)
        number = f"{town.split()[1]}-{draw.randint(1, 29)}-{draw.randint(1, 18)}"
        dotted = draw.choice(
            (f"{roman}.{letters}", f"{letters}{draw.randint(60, 99)}", f"{roman}_{letters[0]}")
        )
        return Person(
            family, first, f"{family_kana} {first_kana}", family_kana, first_kana,
            draw.choice(lists["english"]), f"{dotted}@{draw.choice(lists['mail'])}", lists["postal"][at],
            prefecture, town.split()[0] + number, draw.choice(lists["streets"]),
            f"0{draw.choice('789')}0{draw.randint(10_000_000, 99_999_999)}",
            f"0{draw.choice(('3', '6'))}{draw.randint(30_000_000, 69_999_999)}",
            (draw.randint(1950, 2003), draw.randint(1, 12), draw.randint(1, 28)),
        )  # fmt: skip

    def people(self, count: int) -> list[Person]:
        """`count` people of different full names."""
        found: dict[str, Person] = {}
        while len(found) < count:
            one = self.person()
            found.setdefault(one.name, one)
        return list(found.values())

    def company(self) -> tuple[str, str]:
        """Name and domain."""
        name, _, domain = self.draw.choice(self.lists["companies"]).rpartition(" ")
        return name, domain

    def partner(self) -> tuple[str, str]:
        """A person at a company: display name and address."""
        one, (_, domain) = self.person(), self.company()
        return one.name, f"{one.box.partition('@')[0]}@{domain}"
