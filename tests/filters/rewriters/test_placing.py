"""IN-WARN: where a banner goes in HTML, and whether it is seen first there."""

import pytest

from filters.rewriters.placing import placed, stands_first

BANNER = '<div class="warning" style="a"><p>Caution</p></div>\r\n'


def place(html: str) -> int | None:
    return placed(html, lambda at: html[:at] + BANNER + html[at:], BANNER)


@pytest.mark.parametrize(
    ("html", "before"),
    [
        ("<html><head><title><body></title></head><body class='a>b'>text", "<html><head><title><body></title></head><body class='a>b'>"),
        ("<!-- <body> --><BODY>text", "<!-- <body> --><BODY>"),
        ("<!doctype html><p>text", "<!doctype html>"),
        ("<head><style>body{}</style></head>text", "<head><style>body{}</style></head>"),
        ("<div><body>text", ""),
        ("text", ""),
        ("", ""),
        ("<script>'<body>'</script><table>", ""),
        ("<!--[if mso]><style>p{}</style><xml><o:x>96</o:x></xml><![endif]--><body>x", "<!--[if mso]><style>p{}</style><xml><o:x>96</o:x></xml><![endif]--><body>"),
        ("<!--[if !mso]><!--><link href=x><!--<![endif]--><body>x", "<!--[if !mso]><!--><link href=x><!--<![endif]--><body>"),
        ("<body><!--[if mso]><table><tr><td><![endif]-->x", "<body>"),
    ],
)  # fmt: skip
def test_behind_the_real_body_tag_or_where_one_is_implied(html: str, before: str) -> None:
    assert place(html) == len(before)


@pytest.mark.parametrize(
    "html",
    [
        "<!--[if mso]><div style='display:none'><![endif]--><body>x",
        "<![if !mso]><body>x",
        "<!--[if !mso]><!--><body>x<!--<![endif]-->",
        "<!--[if mso]>words<![endif]--><body>x",
        "<!--x<div class=\"warning\"--><!--[if mso]><div style='display:none'><![endif]--><body>x",
    ],
)
def test_nowhere_when_it_would_not_be_seen_first(html: str) -> None:
    """Outlook would hide it, or nothing of a body is shown."""
    assert not any(stands_first(html[:at] + BANNER + html[at:], BANNER) for at in (html.find("<body>") + 6,))


def test_a_page_of_frames_has_no_place() -> None:
    """A body would take their place, and with them all that the mail shows."""
    assert place("<html><frameset><frame src=x></frameset></html>") is None
    assert place("<p>x<frameset><frame src=x></frameset>") == 0


def test_a_banner_of_the_sender_is_not_ours() -> None:
    theirs = '<div class="warning" hidden></div>'
    assert not stands_first(f"<body>{theirs}x{BANNER}", BANNER)
    assert stands_first(f"<body> <!-- x -->{BANNER}{theirs}", BANNER)


def test_words_in_front_are_seen_first() -> None:
    assert not stands_first(f"<body>x{BANNER}", BANNER)
    assert stands_first(f"\ufeff{BANNER}", BANNER)
    assert not stands_first(f"<textarea>{BANNER}", BANNER)
    assert not stands_first(f"<!-- {BANNER} -->", BANNER)
