"""What the console is given."""

from tests.console.premises import Premises


def test_https_makes_it_secure(place: Premises) -> None:
    for url, secure in (("https://a.example", True), ("http://a.example", False), ("", False)):
        place.context.base_url = url
        assert place.context.secure is secure
