"""Where the console is reached."""

import pytest

from config.console import ConsoleSection, host_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example", "a.example"),
        ("https://A.Example:443/x/", "a.example"),
        ("http://a.example:80", "a.example"),
        ("https://a.example:8443", "a.example:8443"),
        ("http://a.example:443", "a.example:443"),
        ("http://user@a.example", "a.example"),
        ("https://[2001:db8::1]:443", "[2001:db8::1]"),
        ("https://a.example:port", ""),
        ("https://[a.example", ""),
        ("a.example", ""),
    ],
)
def test_a_host_is_what_a_browser_says(url: str, host: str) -> None:
    assert host_of(url) == host


def test_where_nothing_is_said_it_is_where_it_listens() -> None:
    assert ConsoleSection().page("http://127.0.0.1:8025") == "http://127.0.0.1:8025"
    assert ConsoleSection(base_url="https://a.example/").page("http://127.0.0.1:8025") == "https://a.example"
