"""`sekisho init`: what it makes passes check-config and a node starts on it; it overwrites nothing."""

import stat
from pathlib import Path

import pytest

from config.load import load_policy
from config.settings_file import load_settings
from gateway.app import Node
from gateway.command.cli import main
from gateway.locked import sandbox
from tests.services.zygotes import quickly

SAID = [
    "--domain",
    "hinode.example",
    "--organisation",
    '日の出 "商事"',
    "--admin",
    "Taro.Yamada@hinode.example",
    "--yes",
]
FREE = [f"--{name}-port=0" for name in ("submission", "inbound", "console")]


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_what_it_makes_passes_check_config_and_only_we_read_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new"
    assert main(["init", str(folder), *SAID, *FREE]) == 0
    told = capsys.readouterr().out
    assert "sekisho._domainkey.hinode.example. IN TXT" in told
    assert "self-signed" in told
    assert names(folder) == {
        "sekisho.toml", "policy.toml", "people.toml", "keys/dkim-sekisho.key", "tls/self-signed.pem",
        "tls/self-signed.key",
    }  # fmt: skip
    for path in folder.rglob("*"):
        if path.name != "self-signed.pem":
            assert not stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXO | stat.S_IWGRP), path
    assert main(["check-config", "--config", str(folder / "sekisho.toml")]) == 0
    policy = load_policy(folder / "policy.toml", ["observe"])
    assert policy.organisation.name == '日の出 "商事"'
    assert policy.organisation.domains == ("hinode.example",)


@pytest.mark.skipif("seccomp" not in sandbox.walls(), reason="no system call filters in this kernel")
async def test_a_node_starts_on_it(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path), *SAID, *FREE]) == 0
    settings = load_settings(tmp_path / "sekisho.toml")
    node = Node(settings, load_policy(settings.policy, settings.presets))
    with quickly():
        await node.start()
        try:
            assert set(node.addresses) == {"submission", "inbound", "console"}
            assert (await node.people.named("taro.yamada", "default")) is not None
        finally:
            await node.stop()


@pytest.mark.parametrize("there", ["sekisho.toml", "policy.toml", "people.toml", "keys", "tls"])
def test_it_overwrites_nothing(tmp_path: Path, there: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / there).write_text("mine")
    assert main(["init", str(tmp_path), *SAID]) == 2
    assert there in capsys.readouterr().err
    assert names(tmp_path) == {there}
    assert (tmp_path / there).read_text() == "mine"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--domain", "not a domain"], "domain"),
        (["--domain", "localhost"], "domain"),
        (["--admin", "nobody"], "address"),
        (["--relay", "a b"], "host"),
        (["--relay", "relay.example:99999"], "host"),
        (["--language", "xx"], "languages"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_made(
    tmp_path: Path, wrong: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path), *SAID, *wrong]) == 2
    assert said in capsys.readouterr().err
    assert names(tmp_path) == set()


def test_it_asks_whoever_sits_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(
        ["", "hinode.example", "", "mx.hinode.example", "", "10.0.0.5:24", "taro@hinode.example", "en"]
    )
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    assert main(["init", str(tmp_path), "--lmtp"]) == 0
    settings = load_settings(tmp_path / "sekisho.toml")
    assert (settings.hostname, settings.mailbox and settings.mailbox.host) == (
        "mx.hinode.example",
        "10.0.0.5",
    )
    assert settings.mailbox is not None
    assert settings.mailbox.lmtp


def test_without_anybody_to_ask_it_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path), "--yes"]) == 2
    assert "--domain" in capsys.readouterr().err
