"""Folders with a class, ledgers, and the same again by schedule: nothing is dropped silently."""

import os
from pathlib import Path

import msgspec
import pytest

from config.load import load_policy
from config.policy import ConfigError
from filters.detect.register import registered_documents
from filters.facts import Person
from filters.ruleset import problems
from gateway.command import folders
from gateway.command.assets import beside
from gateway.command.cli import main
from gateway.command.register import key_in, make_key
from tests.filters.mails import attached, examined, plain
from tests.filters.ordinary import JA, sentences


def text(seed: int) -> str:
    return "\n".join(sentences(JA, 150, seed=seed))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    make_key(tmp_path / "k")
    (tmp_path / "docs/deep/er").mkdir(parents=True)
    for name, seed in (("a.txt", 1), ("deep/b.txt", 2), ("deep/er/c.txt", 3)):
        (tmp_path / "docs" / name).write_text(text(seed))
    (tmp_path / "docs/short.txt").write_text("短い")
    (tmp_path / "docs/~$a.docx").write_text("x")
    (tmp_path / "docs/broken.docx").write_bytes(b"PK\x03\x04nothing")
    (tmp_path / "policy.toml").write_text(
        '[organisation]\ndomains = ["us.example"]\n[organisation.registered]\nkey_file = "k"\nfiles = ["d.index"]\n'
    )
    return tmp_path


def register(place: Path, *arguments: str) -> int:
    out = ["--key", str(place / "k"), "--out", str(place / "d.index")]
    return main(["register", "document", *arguments, *out])


def again(place: Path, *more: str) -> int:
    return main(["register", "again", str(place / "d.index"), *more])


def known(place: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    found, _ = registered_documents((place / "d.index").read_bytes(), key_in(place / "k"))
    return {each.name: (each.of, each.users) for each in found}


def test_a_folder_with_all_below_it_gets_a_class(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert register(place, str(place / "docs"), "--class", "極秘") == 0
    told = capsys.readouterr().out
    assert "3 documents" in told
    assert "not registered: 2" in told
    assert "short.txt: too little text to know it again" in told
    assert "broken.docx: " in told
    assert known(place) == {"a.txt": ("極秘", ()), "b.txt": ("極秘", ()), "c.txt": ("極秘", ())}
    policy = load_policy(place / "policy.toml", check=problems)
    answer = examined(attached(("x.txt", text(3).encode())), rules=policy)
    assert "president" in answer.verdict.approvals
    assert {f.values.get("class") for f in answer.findings if f.rule == "registered_document"} == {"極秘"}


def test_a_public_document_is_nothing_to_speak_of(place: Path) -> None:
    assert register(place, str(place / "docs"), "--class", "公開") == 0
    policy = load_policy(place / "policy.toml", check=problems)
    rules = {f.rule for f in examined(plain(text(1)), rules=policy).findings}
    assert rules & {"registered_document", "class_approval", "confidential_attachment"} == set()


def test_a_class_that_nobody_has_is_said(place: Path) -> None:
    assert register(place, str(place / "docs"), "--class", "極秘情報") == 0
    with pytest.raises(ConfigError, match=r'class 極秘情報, which is not among.*did you mean "極秘"'):
        load_policy(place / "policy.toml", check=problems)


def test_what_changed_is_read_again(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register(place, str(place / "docs"), "--class", "極秘")
    before = (place / "d.index").read_bytes()
    assert again(place) == 0
    assert "0 of them read now" in capsys.readouterr().out
    assert (place / "d.index").read_bytes() == before
    (place / "docs/a.txt").write_text(text(7))
    (place / "docs/new.txt").write_text(text(8))
    assert again(place) == 0
    assert "4 documents, 2 of them read now" in capsys.readouterr().out
    policy = load_policy(place / "policy.toml", check=problems)
    for seed, found in ((7, True), (8, True), (2, True), (1, False)):
        rules = {f.rule for f in examined(plain(text(seed)), rules=policy).findings}
        assert ("registered_document" in rules) == found, seed


def test_what_is_gone_or_unreadable_stays_and_is_told(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register(place, str(place / "docs"), "--class", "極秘")
    (place / "docs/a.txt").unlink()
    (place / "docs/deep/b.txt").write_text("短い")
    capsys.readouterr()
    assert again(place) == 1
    told = capsys.readouterr().out
    assert "kept as it was: 2" in told
    assert "a.txt: is gone; register again with --drop to forget it" in told
    assert "b.txt: too little text to know it again" in told
    assert set(known(place)) == {"a.txt", "b.txt", "c.txt"}
    policy = load_policy(place / "policy.toml", check=problems)
    assert "registered_document" in examined(plain(text(1)), rules=policy).verdict.holds
    assert again(place, "--drop") == 1
    assert set(known(place)) == {"b.txt", "c.txt"}


def test_a_folder_that_vanished_is_told_and_its_documents_stay(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register(place, str(place / "docs"), "--class", "極秘")
    (place / "docs").rename(place / "elsewhere")
    assert again(place) == 1
    assert "docs: is not there" in capsys.readouterr().out
    (place / "docs").mkdir()
    assert again(place) == 1
    assert "docs: is empty, and had 3 documents; is it mounted?" in capsys.readouterr().out
    assert len(known(place)) == 3
    (place / "docs").rmdir()
    (place / "elsewhere").rename(place / "docs")
    assert again(place) == 0


def test_an_index_that_was_not_made_from_this_is_made_anew(place: Path) -> None:
    register(place, str(place / "docs"), "--class", "極秘")
    (place / "d.index").write_bytes(b"x")
    assert again(place) == 0
    assert len(known(place)) == 3
    beside(place / "d.index").unlink()
    assert again(place) == 2


def test_a_ledger_says_class_and_users(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = (
        "パス,区分,管理部門,利用部門\ndocs,社外秘,総務部,\ndocs/deep,極秘,経営企画部,経営企画部\n,極秘,,\n"
    )
    (place / "l.csv").write_text(ledger)
    assert register(place, "--ledger", str(place / "l.csv")) == 0
    assert "l.csv: row 4: no path" in capsys.readouterr().out
    assert known(place) == {
        "a.txt": ("社外秘", ()), "b.txt": ("極秘", ("経営企画部",)), "c.txt": ("極秘", ("経営企画部",)),
    }  # fmt: skip
    (place / "l.csv").write_text(ledger.replace("極秘,経営企画部,経営企画部", "極秘,経営企画部,営業部"))
    assert again(place) == 0
    assert "0 of them read now" in capsys.readouterr().out
    assert known(place)["c.txt"] == ("極秘", ("営業部",))
    (place / "l.csv").unlink()
    assert again(place) == 1
    assert "l.csv: cannot be read" in capsys.readouterr().out
    assert len(known(place)) == 3


def test_mail_between_departments_is_looked_at(place: Path) -> None:
    (place / "l.csv").write_text("パス,区分,利用部門\ndocs,社外秘,経営 企画部\n")
    register(place, "--ledger", str(place / "l.csv"))
    policy = load_policy(place / "policy.toml", check=problems)
    planner = Person("p", addresses=("p@us.example",), department="経営企画部")
    seller = Person("s", addresses=("s@us.example",), department="営業部")
    to = ("p@us.example", "s@us.example", "all@us.example", "x@partner.example")
    colleagues = {each.addresses[0]: each for each in (planner, seller)}
    answer = examined(plain(text(1)), *to, rules=policy, colleagues=colleagues)
    (found,) = [f for f in answer.findings if f.rule == "asset_users"]
    assert found.recipients == (1, 2)
    assert found.values["users"] == "経営 企画部"
    held = {i for c in answer.copies if "asset_users" in c.verdict.holds for i in c.recipients}
    assert held == {1, 2}
    lenient = msgspec.structs.replace(
        policy,
        rules={
            "asset_users": msgspec.structs.replace(policy.rules["asset_users"], settings={"unknown": False})
        },
    )
    answer = examined(plain(text(1)), *to, rules=lenient, colleagues=colleagues)
    assert [f.recipients for f in answer.findings if f.rule == "asset_users"] == [(1,)]
    alone = examined(plain(text(1)), "p@us.example", rules=policy, colleagues=colleagues)
    assert "asset_users" not in {f.rule for f in alone.findings}
    assert alone.verdict.holds == frozenset()


def test_what_others_put_into_a_folder_stops_nothing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docs = place / "docs"
    (place / "outside").mkdir()
    (place / "outside/salaries.txt").write_text(text(4))
    (docs / "out").symlink_to(place / "outside")
    (docs / "salaries.txt").symlink_to(place / "outside/salaries.txt")
    os.mkfifo(docs / "pipe.txt")
    with (docs / "huge.bin").open("wb") as out:
        out.truncate(1 << 40)
    (docs / "x\nnot registered: 0\n.txt").write_text(text(5))
    (docs / os.fsdecode("見積.txt".encode("cp932"))).write_text(text(6))
    assert register(place, str(docs), "--class", "極秘") == 0
    told = capsys.readouterr().out.splitlines()
    assert f"    {docs}/out: is a link" in told
    assert f"    {docs}/salaries.txt: is a link" in told
    assert f"    {docs}/pipe.txt: is a pipe" in told
    assert f"    {docs}/huge.bin: is larger than 250 MB" in told
    assert "not registered: 6" in told
    odd = {"x\\nnot registered: 0\\n.txt", "\\udc8c\\udca9\\udc90\\udccf.txt"}
    assert set(known(place)) == {"a.txt", "b.txt", "c.txt"} | odd
    assert again(place) == 0
    assert "5 documents, 0 of them read now" in capsys.readouterr().out
    for name in os.listdir(docs):
        if "\n" in name or not name.isprintable():
            (docs / name).unlink()
    assert again(place) == 1
    told = capsys.readouterr().out.splitlines()
    assert (
        f"    {docs}/x\\nnot registered: 0\\n.txt: is gone; register again with --drop to forget it" in told
    )
    assert len(known(place)) == 5


def test_files_that_change_or_go_while_the_others_are_read(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    register(place, str(place / "docs"), "--class", "極秘")
    (place / "docs/a.txt").write_text(text(7))
    (place / "outside").mkdir()
    (place / "outside/c.txt").write_text(text(9))
    real = folders.looked_at

    def meanwhile(path: Path) -> os.stat_result:
        if path.name == "a.txt":
            (place / "docs/deep/b.txt").unlink()
        found = real(path)
        if path.name == "c.txt":
            (place / "docs/deep/er").rename(place / "away")
            (place / "docs/deep/er").symlink_to(place / "outside")
            return os.stat(place / "outside/c.txt")
        return found

    monkeypatch.setattr(folders, "looked_at", meanwhile)
    capsys.readouterr()
    assert again(place) == 1
    told = capsys.readouterr().out
    assert "3 documents, 1 of them read now" in told
    assert "b.txt: cannot be read (No such file or directory)" in told
    assert "c.txt: lies elsewhere meanwhile: a link leads there" in told
    policy = load_policy(place / "policy.toml", check=problems)
    for seed, found in ((7, True), (2, True), (3, True), (9, False)):
        rules = {f.rule for f in examined(plain(text(seed)), rules=policy).findings}
        assert ("registered_document" in rules) == found, seed


def test_a_ledger_names_nothing_outside(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "share/deep").mkdir(parents=True)
    (place / "docs/out").symlink_to(place / "share")
    (place / "share/s.txt").write_text(text(4))
    ledger = place / "docs/l.csv"
    rows = [
        "パス,区分", "a.txt,極秘", "../share/s.txt,極秘", f"{place}/share,極秘", "out,極秘", "out/s.txt,極秘", "/dev/zero,極秘",
        "deep,社外秘", f"{'x' * 5000},極秘", "a\0b,極秘", "deep,極秘", "gone.txt,極秘", '"deep/b.txt,極秘', "deep/er,極秘",
    ]  # fmt: skip
    ledger.write_text("\n".join(rows))
    assert register(place, "--ledger", str(ledger)) == 1
    told = capsys.readouterr().out
    assert known(place) == {"a.txt": ("極秘", ()), "b.txt": ("極秘", ()), "c.txt": ("極秘", ())}
    assert told.count(f": leads out of {place}/docs (--map says what else is meant)") == 5
    assert "xxxxx: cannot be read (File name too long)" in told
    assert "l.csv: row 11: another class or other users than in row 8; this one counts" in told
    assert (
        "l.csv: row 13: its path has a line break or a control character (is a quotation mark not closed?)"
        in told
    )
    assert "l.csv: row 10: its path has a line break or a control character" in told
    assert "gone.txt: is not there" in told
    maps = ["--map", f"{place}/share={place}/share", "--map", "/dev=/dev"]
    assert register(place, "--ledger", str(ledger), *maps) == 1
    assert "/dev/zero: is a device" in capsys.readouterr().out
    assert "s.txt" in known(place)
    (place / "docs/a.txt").rename(place / "share/a.txt")
    (place / "docs/a.txt").symlink_to(place / "share/a.txt")
    assert register(place, "--ledger", str(ledger)) == 1
    assert "a.txt: leads out of" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_ledger_that_is_no_file_or_wrong_keeps_its_assets(
    place: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = place / "l.csv"
    ledger.write_text("パス,区分\ndocs,極秘\n")
    register(place, "--ledger", str(ledger))
    sources = beside(place / "d.index")
    sources.write_text(sources.read_text().replace("l.csv", f"l.{kind}"))
    ledger.unlink()
    os.mkfifo(place / f"l.{kind}")
    capsys.readouterr()
    assert again(place) == 1
    assert f"l.{kind}: is a pipe: its assets are taken as they were" in capsys.readouterr().out
    (place / f"l.{kind}").unlink()
    (place / f"l.{kind}").write_text("パス,区分\ndocs,極秘\n" + '"' + "x" * 200_000)
    assert again(place) == 1
    told = capsys.readouterr().out
    assert ("line 3: field larger than field limit" if kind == "csv" else "cannot be read (") in told
    assert len(known(place)) == 3


def test_one_index_that_cannot_be_made_keeps_no_other_from_it(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register(place, str(place / "docs"), "--class", "極秘")
    (place / "docs/a.txt").write_text(text(7))
    (place / "other.index").write_bytes(b"x")
    capsys.readouterr()
    assert main(["register", "again", str(place / "other.index"), str(place / "d.index")]) == 2
    told = capsys.readouterr()
    assert "other.index: it is not known what it was made from" in told.err
    assert "3 documents, 1 of them read now" in told.out


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_nobody_may_read_is_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "docs/a.txt").chmod(0)
    assert register(place, str(place / "docs")) == 0
    assert "a.txt: cannot be read (PermissionError)" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x.txt", "--ledger", "l.csv"),
        ("--ledger", "l.csv", "--class", "極秘"),
        ("--ledger", "l.csv", "--map", "x"),
    ],
)
def test_arguments_that_contradict_each_other(place: Path, arguments: tuple[str, ...]) -> None:
    (place / "l.csv").write_text("path,class\ndocs,極秘\n")
    assert register(place, *arguments) == 2
