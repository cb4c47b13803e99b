"""What lies in an encrypted ZIP, and under which names."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.rewriters import flat
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


def zipped(*files: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def test_a_folder_and_a_file_beside_it_are_not_called_the_same() -> None:
    """Nothing can be unpacked where a file stands in the place of a folder."""
    inner = zipped(("x.txt", b"1"))
    assert named([("a", b"file"), ("a.zip", inner)]) == [("a (2)", b"file"), ("a/x.txt", b"1")]
    outer = zipped(("b", b"file"), ("b.zip", inner), ("b/x.txt", b"2"))
    assert [name for name, _ in named([("o.zip", outer)])] == ["o/b (2)", "o/b/x.txt", "o/b/x (2).txt"]
    assert [name for name, _ in named([("A.zip", inner), ("a.ZIP", inner)])] == ["A/x.txt", "a (2).ZIP/x.txt"]


@given(
    st.lists(st.tuples(st.sampled_from(["a", "a.zip", "A.zip", "b"]), st.booleans()), min_size=1, max_size=5)
)
def test_no_path_is_the_beginning_of_another(kinds: list[tuple[str, bool]]) -> None:
    content = zipped(("a", b"1"), ("a.zip", zipped(("b", b"2"))))
    paths = [
        tuple(name.casefold().split("/"))
        for name, _ in named([(n, content if z else b"x") for n, z in kinds])
    ]
    assert len(set(paths)) == len(paths)
    assert not any(one != other and other[: len(one)] == one for one in paths for other in paths)


def test_all_archives_of_a_mail_share_what_may_be_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flat, "LARGEST", 1_000)
    one = zipped(("x", bytes(700)))
    assert [name for name, _ in named([("a.zip", one), ("b.zip", one)])] == ["a/x", "b.zip"]
    assert [name for name, _ in named([("o.zip", zipped(("a.zip", one)))])] == ["o/a.zip"]
    monkeypatch.setattr(flat, "MOST", 1)
    assert [name for name, _ in named([("a.zip", zipped(("x", b"")))])] == ["a/x"]
    assert [name for name, _ in named([("a.zip", zipped(("x", b""))), ("b.zip", zipped(("x", b"")))])] == [
        "a/x",
        "b.zip",
    ]


def test_a_damaged_archive_stays_packed() -> None:
    good = bytearray(zipped(("x.txt", b"words " * 50)))
    good[60] ^= 0xFF
    assert named([("a.zip", bytes(good))]) == [("a.zip", bytes(good))]
