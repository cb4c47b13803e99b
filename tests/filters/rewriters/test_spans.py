"""Elements as spans of octets."""

from xml.parsers import expat

import pytest

from filters.rewriters.spans import cut, elements, emptied, unwrapped, without

XML = "<w:p a=\"x>y\"><w:ins id='1'><w:r/>あ</w:ins><w:r/></w:p>".encode()


def test_where_elements_stand() -> None:
    whole = elements(XML)
    assert [(e.name, XML[e.start : e.end].decode(), e.parent, e.is_empty) for e in whole] == [
        ("p", XML.decode(), -1, False),
        ("ins", "<w:ins id='1'><w:r/>あ</w:ins>", 0, False),
        ("r", "<w:r/>", 1, True),
        ("r", "<w:r/>", 0, True),
    ]
    assert whole[0].attributes == {"a": "x>y"}


def test_what_can_be_done_with_them() -> None:
    whole = elements(XML)
    assert cut(XML, [without(whole[1])]) == b'<w:p a="x>y"><w:r/></w:p>'
    assert cut(XML, unwrapped(whole[1])) == '<w:p a="x>y"><w:r/>あ<w:r/></w:p>'.encode()
    assert cut(XML, [emptied(whole[1])]) == b"<w:p a=\"x>y\"><w:ins id='1'></w:ins><w:r/></w:p>"


def test_what_lies_in_something_that_goes_goes_with_it() -> None:
    whole = elements(XML)
    assert cut(XML, [without(whole[2]), without(whole[1])]) == b'<w:p a="x>y"><w:r/></w:p>'


@pytest.mark.parametrize("bad", [b"<a><b></a>", b"<!DOCTYPE a><a/>", b"<a>" * 600 + b"</a>" * 600, b""])
def test_what_is_no_xml(bad: bytes) -> None:
    with pytest.raises((expat.ExpatError, ValueError)):
        elements(bad)
