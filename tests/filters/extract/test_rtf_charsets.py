"""Encodings of RTF's bytes."""

import pytest

from filters.extract.rtf_charsets import CHARSETS, codec_of, decoded


@pytest.mark.parametrize(
    ("page", "codec"),
    [(932, "cp932"), (1251, "cp1251"), (10001, "shift_jis"), (65001, "utf-8"), (1, "cp1252")],
)
def test_code_pages(page: int, codec: str) -> None:
    assert codec_of(page) == codec


def test_every_charset_has_a_codec() -> None:
    for codec in CHARSETS.values():
        "".encode(codec)


def test_western_bytes_that_make_sense_only_as_shift_jis() -> None:
    raw = "社外秘".encode("cp932")
    assert decoded(raw, "cp1252", True) == "社外秘"
    assert decoded(raw, "cp1252", False) != "社外秘"
    for text in ("élève", "“Ü” – café", "naïve Größe", "Œuvre"):
        assert decoded(text.encode("cp1252"), "cp1252", True) == text


def test_every_codec_is_loaded_with_the_module() -> None:
    import subprocess
    import sys

    program = (
        "import sys, filters.extract.rtf_charsets as c; before = set(sys.modules)\n"
        "for page in range(70_000): ''.encode(c.codec_of(page))\n"
        "for codec in [*c.CHARSETS.values(), *c.LANGUAGES.values()]: ''.encode(codec)\n"
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
