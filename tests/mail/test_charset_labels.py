import codecs

import pytest

from mail.charset_labels import DECODERS, LABELS, decoder, known


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("ms932", "cp932"),
        ("iso8859-1", "cp1252"),
        ("x-mac-roman", "mac-roman"),
        ("gb_2312-80", "gb18030"),
        ('"ISO-2022-JP"', "jis"),
        (" Latin-1 ", "cp1252"),
        ("iso8859_15", "iso8859-15"),
        ("UTF 8", "utf-8"),
        ("cp-850", "cp850"),
    ],
)
def test_a_label_however_it_is_spelled(label, name):
    assert decoder(label) == name


@pytest.mark.parametrize(
    "label", ["", "zlib", "idna", "undefined", "unicode_escape", "rot13", "x-nobody", "8bit"]
)
def test_what_is_no_charset(label):
    assert not known(label)


def test_every_decoder_exists_and_no_label_stands_twice():
    for name in DECODERS - {"jis", "euc"}:
        codecs.lookup(name)
    assert len(LABELS) == len(set(LABELS)) > 230
