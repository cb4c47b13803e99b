"""sekisho register: keys, tables, documents, and the policy that names them."""

import random
from pathlib import Path

import openpyxl
import pytest

from config.load import load_policy
from config.policy import ConfigError
from filters.ruleset import problems
from gateway.command.cli import main
from gateway.locked import sandbox
from gateway.locked.workers import Workers
from storage.draft import LocalDraft
from tests.filters.mails import attached, examined, facts, plain
from tests.filters.ordinary import JA, sentences, table

POLICY = """
[organisation]
domains = ["us.example"]
[organisation.registered]
key_file = "k"
files = ["t.index"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert main(["register", "key", str(tmp_path / "k")]) == 0
    (tmp_path / "顧客.csv").write_text(table(random.Random(1), 200), "cp932")
    (tmp_path / "policy.toml").write_text(POLICY)
    return tmp_path


def register(folder: Path, *more: str, file: str = "顧客.csv") -> int:
    out = ["--key", str(folder / "k"), "--out", str(folder / "t.index")]
    return main(
        ["register", "table", str(folder / file), "--columns", "氏名,電話番号,メールアドレス", *out, *more]
    )


def test_a_registered_table_is_found_in_a_mail(folder: Path) -> None:
    assert register(folder) == 0
    policy = load_policy(folder / "policy.toml", check=problems)
    _, name, phone, _ = (folder / "顧客.csv").read_text("cp932").splitlines()[77].split(",")
    found = examined(plain(f"{name}様\n電話 {phone}"), rules=policy)
    assert found.verdict.holds == {"registered_data"}
    (finding,) = [f for f in found.findings if f.rule == "registered_data"]
    assert finding.values == {"name": "顧客", "count": "1", "where": "1"}
    assert phone not in str(finding)
    assert not examined(plain("山田様 電話 090-0000-0000"), rules=policy).verdict.holds
    # What is registered belongs to a class (contains) and does not leave in clear.
    verdict = examined(attached(("a.csv", f"{name},{phone}".encode())), rules=policy).verdict
    assert verdict.approvals == {"department_head"}
    assert "encrypt" in verdict.rewrites


def test_the_key_is_its_owners_and_the_index_has_no_clear_text(folder: Path) -> None:
    assert (folder / "k").stat().st_mode & 0o077 == 0
    register(folder)
    data = (folder / "t.index").read_bytes()
    assert b"090-" not in data
    assert b"@mail" not in data
    assert (folder / "k").read_text().strip().encode() not in data
    policy = load_policy(folder / "policy.toml", check=problems)
    assert (folder / "k").read_text().strip() not in repr(policy)
    assert str(policy.organisation.registered.key) not in repr(policy)


def test_the_version_changes_with_the_index(folder: Path) -> None:
    register(folder)
    before = load_policy(folder / "policy.toml").version
    register(folder, "--need", "3")
    assert load_policy(folder / "policy.toml").version != before


def test_sheets_can_be_registered(folder: Path) -> None:
    book = openpyxl.Workbook()
    for line in table(random.Random(2), 20).splitlines():
        book.active.append(line.split(","))
    book.save(folder / "b.xlsx")
    assert register(folder, file="b.xlsx") == 0


def test_documents(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "\n".join(sentences(JA, 150, seed=9))
    (folder / "計画.txt").write_text(text)
    out = ["--key", str(folder / "k"), "--out", str(folder / "t.index")]
    assert main(["register", "document", str(folder / "計画.txt"), *out]) == 0
    assert "1 documents" in capsys.readouterr().out
    policy = load_policy(folder / "policy.toml", check=problems)
    found = examined(plain(text[: len(text) // 3]), rules=policy)
    assert "registered_document" in found.verdict.holds
    (folder / "short.txt").write_text("短い")
    assert main(["register", "document", str(folder / "short.txt"), *out]) == 2


@pytest.mark.parametrize("broken", ["", "k", "t.index"])
def test_what_is_wrong_is_named(folder: Path, broken: str, capsys: pytest.CaptureFixture[str]) -> None:
    register(folder)
    if broken:
        (folder / broken).write_bytes(b"00" * 32)
    else:
        (folder / "t.index").unlink()
    with pytest.raises(ConfigError) as caught:
        load_policy(folder / "policy.toml", check=problems)
    assert any("organisation.registered" in p for p in caught.value.problems)


def test_arguments_that_are_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["register", "key", str(folder / "k")]) == 2
    out = ["--key", str(folder / "k"), "--out", str(folder / "o")]
    assert main(["register", "table", str(folder / "顧客.csv"), "--columns", "年収", *out]) == 2
    assert "氏名" in capsys.readouterr().err
    assert main(["register", "table", str(folder / "missing.csv"), "--columns", "a", *out]) == 2
    assert register(folder, "--need", "9") == 2


@pytest.mark.skipif("seccomp" not in sandbox.walls(), reason="no system call filters in this kernel")
async def test_locked_up_processes_find_what_is_registered(folder: Path) -> None:
    register(folder)
    policy = load_policy(folder / "policy.toml", check=problems)
    (folder / "t.index").unlink()  # nothing is read later
    (folder / "k").unlink()
    _, name, phone, _ = (folder / "顧客.csv").read_text("cp932").splitlines()[5].split(",")
    workers = Workers(policy, 1)
    await workers.start()
    try:
        draft = LocalDraft(folder)
        draft.write(plain(f"{name}様\n{phone}\n旅券番号 TK1234567\nID: sato\nパスワード: Xy7#kLm9"))
        found = await workers.examine(draft, facts())
        draft.discard()
    finally:
        await workers.stop()
    assert {f.rule for f in found.findings} >= {"registered_data", "personal_identifier", "password_pair"}
    assert found.verdict.holds == {"registered_data"}
