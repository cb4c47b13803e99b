"""CSS of a mail: what styles stays, what loads, moves or covers goes."""

import pytest

from filters.rewriters.styles import declarations, sheet


@pytest.mark.parametrize(
    "style",
    [
        "background:url(https://t.example/p.gif)",
        "background-image:url('cid:a')",
        "position:fixed",
        "top:-500px",
        "margin:0 -5px",
        "margin:-1em",
        "width:calc(1px - 400px)",
        "width:expression(alert(1))",
        "behavior:url(a)",
        "content:'safe'",
        "color:\\72 ed",
        "transform:scale(0)",
        "color:var(--x)",
        "color:red</style><script>",
        "filter:opacity(0)",
        "visibility:hidden",
    ],
)
def test_what_loads_moves_or_covers_goes(style: str) -> None:
    assert declarations(style) == ""
    assert declarations(f"color:#fff;{style}") in ("color:#fff", ""), (
        "and takes nothing else with it but a doubt"
    )


def test_what_styles_stays() -> None:
    style = "color:#333;font-family:'Yu Gothic',sans-serif;margin:0 auto;background:#fff;width:100%!important"
    assert declarations(style) == style
    assert declarations("color:/* x */red /* y") == "color:red"


def test_rules_of_a_sheet() -> None:
    css = (
        '@import "https://t.example/a.css"; <!-- body{margin:-40px;color:red} -->'
        "@media (max-width:600px){.a,td>p{width:100%!important;position:fixed}}"
        "@font-face{src:url(x)} a:hover{color:rgb(1,2,3)} @supports (x){b{color:red}}"
    )
    assert (
        sheet(css)
        == "body{color:red}@media (max-width:600px){.a,td>p{width:100%!important}}a:hover{color:rgb(1,2,3)}"
    )


@pytest.mark.parametrize(
    "css",
    ["a{color:\\72ed}", "{" * 1000, "}" * 1000, "/*" * 1000, "a" * 400_000, "</style>{}", "a{b{c{color:red"],
)
def test_a_sheet_that_is_not_understood_is_dropped(css: str) -> None:
    assert "color" not in sheet(css)
    assert "<" not in sheet(css)
