"""After loading, no charset needs a file."""

import sys

from mail import all_codecs


def test_what_mail_is_written_in_is_there() -> None:
    all_codecs.load()
    for name in ("iso2022_jp", "shift_jis", "cp932", "euc_jp", "gb18030", "utf_7", "idna", "koi8_r"):
        assert f"encodings.{name}" in sys.modules
