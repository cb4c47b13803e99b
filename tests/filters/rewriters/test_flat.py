"""What lies in an encrypted ZIP, and under which names."""

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from filters.rewriters.flat import NAMES, named, neutral

NAME = st.text(min_size=1, max_size=12)
FILES = st.lists(st.tuples(NAME, st.binary(max_size=20)), min_size=1, max_size=5)


@given(FILES)
def test_nothing_is_lost_and_each_name_is_in_the_list(files: list[tuple[str, bytes]]) -> None:
    *rest, (names, told) = neutral(files)
    assert names == NAMES
    assert [content for _, content in rest] == [content for _, content in files]
    lines = told.decode("utf-8-sig").removesuffix("\r\n").split("\r\n")
    assert [line.partition("\t")[0] for line in lines] == [name for name, _ in rest]
    assert all(name.isascii() for name, _ in rest)
    assert len({name for name, _ in rest}) == len(rest)


@given(FILES)
def test_a_zip_is_the_folder_of_its_files(files: list[tuple[str, bytes]]) -> None:
    plain = [(f"{number}.bin", content) for number, (_, content) in enumerate(files)]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in plain:
            archive.writestr(name, content)
    assert named([("all.zip", made.getvalue())]) == [(f"all/{name}", content) for name, content in plain]


def test_endings_stay_where_they_tell_what_opens_the_file() -> None:
    made = neutral([("a.XLSX", b""), ("b", b""), ("c.見積", b""), ("d.tar.gz", b""), (".profile", b"")])
    assert [name for name, _ in made] == ["1.XLSX", "2", "3", "4.gz", "5.profile", NAMES]


def test_members_of_one_name_and_paths_that_lead_out_stay_apart_and_inside() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("a/x.txt", "A/X.txt", "../../etc/passwd", "/abs.txt", "..", "a\\b.txt"):
            archive.writestr(zipfile.ZipInfo(name), name)
    names = [name for name, _ in named([("z.zip", made.getvalue())])]
    assert names == ["z/a/x.txt", "z/A/X (2).txt", "z/etc/passwd", "z/abs.txt", "z/file-5", "z/a/b.txt"]
