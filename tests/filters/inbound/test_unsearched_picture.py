"""IN-LINK: what was not searched is said, and what was searched is not."""

from filters.examples import _content
from filters.extract import picture
from tests.filters.inbound.arriving import look, mail, weight

LARGE = _content("large-picture")
SMALL = picture.code("See you there")


def test_a_picture_too_large_to_search_is_a_finding() -> None:
    assert weight("unsearched_picture", mail("see", files={"a.png": LARGE})) == 1


def test_pictures_beyond_the_twentieth_are_a_finding() -> None:
    assert not look("unsearched_picture", mail("see", files={f"{n}.png": SMALL for n in range(20)}))
    assert weight("unsearched_picture", mail("see", files={f"{n}.png": SMALL for n in range(21)})) == 1


def test_ordinary_pictures_and_none_are_silent() -> None:
    assert not look("unsearched_picture", mail("see", files={"a.png": SMALL}))
    assert not look("unsearched_picture", mail("see"))
