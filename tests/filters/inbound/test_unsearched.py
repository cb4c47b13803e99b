"""IN-LINK: what was not searched is reported, and what was searched is not."""

from PIL import Image

from filters.examples import _content
from filters.extract import picture
from tests.filters.extract.pictures import code, saved
from tests.filters.inbound.arriving import look, mail, weight

LARGE = _content("large-picture")
SMALL = picture.code("See you there")


def sheet(count: int) -> bytes:
    """A picture with so many different codes."""
    made = Image.new("L", (150 * count, 150), 255)
    for n in range(count):
        made.paste(code(f"See you at {n}"), (150 * n + 10, 10))
    return saved(made)


def test_a_picture_too_large_to_search_is_a_finding() -> None:
    assert weight("unsearched", mail("see", files={"a.png": LARGE})) == 1


def test_pictures_beyond_the_twentieth_are_a_finding() -> None:
    assert not look("unsearched", mail("see", files={f"{n}.png": SMALL for n in range(20)}))
    assert weight("unsearched", mail("see", files={f"{n}.png": SMALL for n in range(21)})) == 1


def test_codes_beyond_the_twentieth_are_a_finding() -> None:
    """In three pictures: ten of each are read, and twenty of the mail."""
    ten, eleven = sheet(10), sheet(11)
    assert not look("unsearched", mail("see", files={"a.png": ten, "b.png": ten}))
    assert weight("unsearched", mail("see", files={"a.png": ten, "b.png": ten, "c.png": SMALL})) == 1
    assert weight("unsearched", mail("see", files={"a.png": eleven})) == 1


def test_ordinary_pictures_and_none_are_silent() -> None:
    assert not look("unsearched", mail("see", files={"a.png": SMALL}))
    assert not look("unsearched", mail("see"))


def test_links_behind_a_thousand_others_are_a_finding_and_the_same_link_again_does_not_count() -> None:
    def page(count: int) -> str:
        return "".join(f'<a href="https://x.example/{n}">n</a> ' for n in range(count))

    assert not look("unsearched", mail("", html=page(1000)))
    assert weight("unsearched", mail("", html=page(1001))) == 1
    assert not look("unsearched", mail("", html='<a href="https://x.example/">n</a> ' * 5000))


def test_links_of_a_plain_text_are_counted_too() -> None:
    assert weight("unsearched", mail(" ".join(f"https://x{n}.example/" for n in range(1200)))) == 1
    assert not look("unsearched", mail(" ".join(f"https://x{n}.example/" for n in range(900))))


def test_a_link_to_a_number_behind_nine_hundred_harmless_ones_is_judged() -> None:
    many = "".join(f'<a href="https://x.example/{n}">n</a> ' for n in range(900))
    assert look("numeric_link", mail("", html=many + '<a href="http://203.0.113.7/login">Pay</a>'))


def test_a_long_text_is_none_and_its_last_link_is_judged() -> None:
    assert not look("unsearched", mail("word " * 50_000))
    assert look("numeric_link", mail("word " * 50_000 + "http://203.0.113.7/login"))
