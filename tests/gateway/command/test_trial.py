"""A folder of mails, compared with what is expected of them; the example of the documents is one."""

from pathlib import Path

import pytest

from config.consequence import UNTIL_RELEASED
from filters.verdict import PASS, Verdict
from gateway.command.cli import main
from gateway.command.trial import said
from tests.gateway.command.test_cli import MAIL, configured

EXAMPLE = Path(__file__).parents[3] / "docs/examples/policy-test"


def folder_of(tmp_path: Path, **mails: bytes) -> str:
    (tmp_path / "mails").mkdir()
    for name, raw in mails.items():
        (tmp_path / "mails" / f"{name}.eml").write_bytes(raw)
    return str(tmp_path / "mails")


def run(tmp_path: Path, folder: str, expect: str, *more: str, name: str = "e.toml") -> int:
    if expect:
        (tmp_path / name).write_text(expect)
    config = (
        str(tmp_path / "sekisho.toml") if (tmp_path / "sekisho.toml").exists() else str(configured(tmp_path))
    )
    return main(["policy", "test", folder, "--expect", str(tmp_path / name), "--config", config, *more])


def test_the_example_of_the_documents_is_as_it_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sekisho.toml").write_text(
        f'policy = "{EXAMPLE / "policy.toml"}"\n[console]\ntimezone = "Asia/Tokyo"\n'
    )
    expect = str(EXAMPLE / "expect.toml")
    assert (
        main(["policy", "test", str(EXAMPLE), "--expect", expect, "--config", str(tmp_path / "sekisho.toml")])
        == 0
    )
    assert "ok: 5 mails" in capsys.readouterr().out


def test_what_is_not_as_expected_is_said_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(tmp_path, secret=MAIL)
    good = '[[mails]]\nfile = "secret.eml"\nverdicts = { any = "reject" }\nrules = ["confidential_body"]\n'
    assert run(tmp_path, folder, good) == 0
    wrong = (
        '[[mails]]\nfile = "secret.eml"\nas = "outbound"\nverdicts = { "sato@client.example.net" = "delay 5m" }\n'
        'rules = ["credential"]\nnot_rules = ["confidential_body"]\n'
    )
    assert run(tmp_path, folder, wrong) == 1
    told = capsys.readouterr().out
    assert "secret.eml: to sato@client.example.net: expected delay 5m, but reject (" in told
    assert "confidential_body: reject" in told
    assert "secret.eml: credential should see something" in told
    assert "secret.eml: confidential_body should see nothing" in told
    assert "1 not as expected" in told
    nobody = '[[mails]]\nfile = "secret.eml"\nverdicts = { "x@y.example" = "reject" }\n'
    assert run(tmp_path, folder, nobody) == 1
    assert "x@y.example is not among the recipients: sato@client.example.net" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["e.toml", "e.csv"])
def test_what_is_written_is_as_expected_until_the_policy_changes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    other = MAIL.replace("【極秘】".encode(), b"").replace(b"To: sato", b"To: hanako@hinode.example, sato")
    folder = folder_of(tmp_path, secret=MAIL, open=other)
    assert run(tmp_path, folder, "", "--write", name=name) == 0
    assert run(tmp_path, folder, "", name=name) == 0
    assert run(tmp_path, folder, "", "--write", name=name) == 2, "what was written is not written over"
    new = tmp_path / "new.toml"
    new.write_text(
        '[organisation]\ndomains = ["hinode.example"]\n[rules.external_recipient]\nthen = "delay 9m"\n'
    )
    capsys.readouterr()
    assert run(tmp_path, folder, "", "--policy", str(new), name=name) == 1
    told = capsys.readouterr().out
    assert "open.eml: to sato@client.example.net: expected delay 5m, but delay 9m" in told
    assert "secret.eml" not in told


def test_a_mail_of_which_nothing_is_expected_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(tmp_path, one=MAIL, two=MAIL)
    assert run(tmp_path, folder, '[[mails]]\nfile = "one.eml"\n') == 0
    assert "note: nothing is expected of two.eml" in capsys.readouterr().out


def test_it_is_as_if_it_were_then(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = tmp_path / "new.toml"
    new.write_text(
        '[organisation]\ndomains = ["hinode.example"]\n[rules.external_recipient]\nthen = "delay 9m"\n'
        '[[rules.external_recipient.cases]]\nwhen = { hours = "outside" }\nthen = "delay 1m"\n'
    )
    folder = folder_of(tmp_path, one=MAIL.replace("【極秘】".encode(), b""))
    for at, delay in (("2026-11-30T10:00:00", "delay 9m"), ("2026-11-29T10:00:00", "delay 1m")):
        expect = f'at = {at}\n[[mails]]\nfile = "one.eml"\nverdicts = {{ any = "{delay}" }}\n'
        assert run(tmp_path, folder, expect, "--policy", str(new)) == 0, capsys.readouterr().out
        rows = f"file,verdict,at\none.eml,{delay},{at}\n"
        assert run(tmp_path, folder, rows, "--policy", str(new), name="e.csv") == 0


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        (PASS, "deliver"),
        (Verdict(rejects=frozenset({"x"}), holds=frozenset({"y"})), "reject"),
        (Verdict(holds=frozenset({"y"}), rewrites=frozenset({"rebuild"})), "hold rebuilt"),
        (Verdict(approvals=frozenset({"president"}), delay=300, rewrites=frozenset({"bcc", "encrypt"})),
         "approve president + bcc + encrypt + delay 5m"),
        (Verdict(rewrites=frozenset({"banner", "mark", "text"})), "warn"),
        (Verdict(rewrites=frozenset({"each"}), delay=900, fixed=300), "one copy each + delay 15m + delay 5m fixed"),
        (Verdict(delay=300, fixed=300, opening=True), "delay 5m fixed + delay until opening"),
        (Verdict(delay=UNTIL_RELEASED, tells=frozenset({"x"})), "delay until released + tell"),
    ],
)  # fmt: skip
def test_each_verdict_in_words(verdict: Verdict, text: str) -> None:
    assert said(verdict) == text
