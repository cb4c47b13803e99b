"""The command line: what an operator types and what comes back."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.command.cli import main

MAIL = (
    "From: <taro@hinode.example>\r\nTo: sato@client.example.net\r\nSubject: x\r\nMessage-ID: <1@x>\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n【極秘】条件は次のとおり。\r\n"
).encode()


def configured(folder: Path, more: str = "") -> Path:
    (folder / "policy.toml").write_text('[organisation]\ndomains = ["hinode.example"]\n' + more)
    path = folder / "sekisho.toml"
    path.write_text(
        'policy = "policy.toml"\nstate_dir = "state"\n[[listeners]]\nname = "in"\nrole = "inbound"\nport = 0\n'
        '[mailbox]\nhost = "127.0.0.1"\n[console]\nport = 0\n'
    )
    return path


def test_check_config_says_everything_that_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = configured(tmp_path, "[rules.no_such_rule]\n[rules.many_external]\naddreses = 3\n")
    assert main(["check-config", "--config", str(path)]) == 2
    told = capsys.readouterr().err
    assert "no_such_rule" in told
    assert "addreses" in told


def test_check_config_is_content_with_a_good_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-config", "--config", str(configured(tmp_path))]) == 0
    assert "ok" in capsys.readouterr().out


def test_serve_without_listeners_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "s.toml").write_text("")
    assert main(["serve", "--config", str(tmp_path / "s.toml")]) == 2
    assert "listeners" in capsys.readouterr().err


def test_explain_names_the_control_the_evidence_and_the_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(MAIL)
    config = str(configured(tmp_path))
    assert main(["explain", str(mail), "--as", "outbound", "--config", config]) == 0
    told = capsys.readouterr().out
    assert "REJECT" in told
    assert "OUT-BODY" in told
    assert main(["explain", str(mail), "--as", "outbound", "--json", "--config", config]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["disposition"] == "reject"
    assert {f["control"] for f in answer["findings"]} >= {"OUT-BODY", "OUT-DELAY"}


def test_rules_lists_every_control(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    told = capsys.readouterr().out
    assert "OUT-BCC" in told
    assert "IN-RLO" in told


def test_the_queue_of_a_new_node_is_empty_and_its_journal_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = str(configured(tmp_path))
    (tmp_path / "state").mkdir()
    assert main(["queue", "--config", config]) == 0
    assert capsys.readouterr().out == "nothing in custody\n"
    assert main(["journal", "verify", "--config", config]) == 0
    assert main(["release", "nosuchitem", "--reason", "test", "--config", config]) == 1
    assert main(["login-link", "nobody", "--config", config]) == 1


def test_it_is_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gateway.command.cli", "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    for command in ("serve", "check-config", "explain", "rules", "queue", "hold", "release", "journal"):
        assert command in done.stdout


def test_the_environment_names_the_settings_file_of_an_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEKISHO_CONFIG", str(configured(tmp_path, "[rules.no_such_rule]\n")))
    assert main(["check-config"]) == 2
    assert "no_such_rule" in capsys.readouterr().err
