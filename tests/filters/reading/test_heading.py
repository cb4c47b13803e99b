"""What the header says of its author."""

from tests.filters.inbound.arriving import arrived, mail


def test_author_name_and_domain() -> None:
    heading = arrived(mail(sender="Tanaka Taro <tanaka@Mail.Shop.Example>")).incoming
    assert (heading.name, heading.domain, heading.author.address) == ("Tanaka Taro", "mail.shop.example", heading.author.address)  # fmt: skip
    assert heading.from_field().part == "header:from"


def test_a_name_without_an_address_is_an_author_all_the_same() -> None:
    heading = arrived(mail(sender="Somebody")).incoming
    assert (heading.domain, len(heading.authors)) == ("", 1)
    assert not heading.known()


def test_bulk_says_so_itself() -> None:
    assert arrived(mail(extra="List-Id: <x.example>\r\n")).incoming.is_bulk
    assert not arrived(mail()).incoming.is_bulk
