"""IN-LANGUAGE: invisible letters inside words."""

import pytest

from filters.markup.page import read_html
from tests.filters.inbound.arriving import look, mail, weight


@pytest.mark.parametrize(
    "hidden",
    [
        '<span style="font-size:0">qx</span>',
        '<span style="font-size: 0px;">qx</span>',
        '<font style="display:none">qx</font>',
        '<b style="visibility:hidden">qx</b>',
        '<i style="opacity:0">qx</i>',
        '<font color="#ffffff">qx</font>',
        '<span style="color:white">qx</span>',
        '<span style="font-size:0"><span>q</span>x</span>',
    ],
)
def test_unseen_letters_are_found_and_the_words_are_read(hidden: str) -> None:
    html = f"<p>Your pass{hidden}word exp{hidden}ires</p>"
    page = read_html(html)
    assert page.text == "Your password expires"
    assert len(page.cuts) == 2
    assert weight("cut_word", mail("", html=html)) == 3


@pytest.mark.parametrize(
    "html",
    [
        '<p>pass<span style="font-size:0.9em">wo</span>rd exp<span style="font-size:10px">i</span>res</p>',
        '<div style="display:none">preview</div><p>Hello <span style="display:none">a</span> you</p>',
        '<p style="background:#123456">Git<font color="#fff">Hu</font>b and Git<font color="#fff">La</font>b</p>',
        '<table bgcolor="#000"><td>Git<font color="#fff">Hu</font>b and Git<font color="#fff">La</font>b</td></table>',
        '<p>pass<span style="font-size:0"></span>word exp<span style="font-size:0"> </span>ires</p>',
        '<p>one<span style="font-size:0">x</span>letter only</p>',
        '<p>a<span style="display:none">b</span><p>c<span style="display:none">d</span></p>',
    ],
)
def test_what_designers_do_is_left_alone(html: str) -> None:
    assert not look("cut_word", mail("", html=html))


def test_what_is_never_closed_hides_nothing() -> None:
    assert read_html('<p>pass<span style="font-size:0">word and the rest</p>').text == "password and the rest"
