"""What the policy did, as an administrator asks on the command line beside a running node."""

import argparse
import asyncio
import json
import os
import pwd
import re
from pathlib import Path

import pytest

from config.load import load_policy
from gateway.command import policy
from gateway.command.cli import _parser, main
from gateway.command.policy import aligned
from storage.database import open_database
from tests.gateway.start.test_policy_in_force import EXCEPTION
from tests.gateway.test_app import HANAKO, SATO, TARO, mail
from tests.services.node import site

CASES = """
[organisation]
domains = ["example.co.jp"]
[[rules.external_recipient.cases]]
name = "two outsiders"
when = { recipients_over = 1 }
then = "delay 10m"
[[rules.external_recipient.cases]]
when = { hours = "business", size_over = "99 MB" }
then = "delay 20m"
"""


def options(*words: str) -> argparse.Namespace:
    return _parser().parse_args(["policy", *words])


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines of the command; the node beside it writes its log to the same place."""
    return [
        line for line in capsys.readouterr().out.splitlines() if not re.match(r"\d{4}(?:-\d\d){2} \d", line)
    ]


async def test_what_applied_is_counted_for_mail_that_was_taken_or_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(CASES)
    async with site(tmp_path, load_policy(file)) as here:
        settings = here.node.settings.model_copy(update={"policy": file})
        await here.send(TARO, [SATO], mail(SATO))
        await here.send(TARO, [SATO, f"x{SATO}"], mail(f"{SATO}, x{SATO}"))
        await here.send(TARO, [HANAKO], mail(HANAKO))
        code, _ = await here.send(TARO, [SATO], mail(SATO, "【極秘】条件は次のとおり。\n"))
        assert code == 550
        await here.node.counts.flush()
        capsys.readouterr()
        assert await policy.counts(options("counts"), settings, here.node.store) == 0
        told = printed(capsys)
        assert told[0].startswith("mails examined since ")
        assert told[0].endswith(": 4 outbound")
        cells = [" ".join(line.split()[:-1]) for line in told]
        assert "external_recipient - delay 5m 2" in cells, "also of the mail that was refused"
        assert "external_recipient two outsiders delay 10m 1" in cells
        assert "confidential_body - reject 1" in cells
        assert [line for line in told if line.startswith("never")] == ["never: external_recipient, case 2"]
        assert await policy.counts(options("counts", "--json"), settings, here.node.store) == 0
        assert json.loads("".join(printed(capsys)))["examined"] == {"outbound": 4}
        assert await policy.counts(options("counts", "--tenant", "acme"), settings, here.node.store) == 0
        assert "none" in printed(capsys)[0]


def test_columns_stand_below_each_other_in_japanese_too() -> None:
    assert aligned([("営業", "1"), ("ab", "2")]) == ["営業  1", "ab    2"]


OWN = '[organisation]\ndomains = ["example.co.jp"]\n'


class Office:
    """A site whose policy commands are run, and what they print."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], master: str) -> None:
        self.file = folder / "policy.toml"
        self.file.write_text(OWN)
        self.config = folder / "sekisho.toml"
        self.config.write_text(
            f'policy = "policy.toml"\npolicy_from = "{master}"\nstate_dir = "state"\n'
            '[[listeners]]\nname = "in"\nrole = "inbound"\nport = 0\n[mailbox]\nhost = "127.0.0.1"\n'
        )
        self._capsys = capsys
        (folder / "state").mkdir()
        asyncio.run(open_database(f"sqlite:///{folder / 'state/sekisho.db'}").close())

    def run(self, *words: str) -> tuple[int, str, str]:
        status = main(["policy", *words, "--config", str(self.config)])
        told = self._capsys.readouterr()
        return status, told.out, told.err

    def written(self, name: str, more: str) -> str:
        path = self.file.with_name(name)
        path.write_text(OWN + more)
        return str(path)


def test_versions_are_kept_compared_and_put_in_force_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(tmp_path, capsys, "versions")
    assert office.run("history")[1].startswith("no version yet")
    strict = office.written("strict.toml", "[warn]\nhold_at = 9\n")
    assert office.run("import", str(office.file), "--comment", "the first") == (
        0, "version 1 is in force within seconds\n", "",
    )  # fmt: skip
    assert office.run("import", strict)[1] == "version 2 is in force within seconds\n"
    assert office.run("import", strict)[1] == "version 2 is the same already\n"
    assert office.run("diff", "1", "2")[1].splitlines()[-2:] == ["+[warn]", "+hold_at = 9"]
    assert office.run("diff", "2")[1] == office.run("diff", "1", "2")[1]
    assert "+[organisation]" in office.run("diff", "1")[1]
    assert office.run("export", "1")[1] == OWN
    assert office.run("rollback", "1")[1] == "version 3 is in force within seconds\n"
    lines = office.run("history")[1].splitlines()
    assert [line.split()[0] for line in lines] == ["version", "3", "2", "1", "in"]
    assert "operator:" in lines[1]
    assert "+0 -2" in lines[1]
    assert "back to version 1" in lines[1]
    assert "the first" in lines[3]
    assert [each["number"] for each in json.loads(office.run("history", "--json")[1])] == [3, 2, 1]


def test_what_is_wrong_or_not_there_is_not_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = Office(tmp_path, capsys, "versions")
    wrong = office.written("wrong.toml", "[rules.many_external]\naddresses = 0\n")
    status, _, told = office.run("import", wrong)
    assert status == 2
    assert "wrong.toml:4" in told
    assert "must be 1 or more" in told
    for words in (("rollback", "7"), ("export", "7"), ("diff", "6", "7")):
        status, _, told = office.run(*words)
        assert status == 2
        assert "there is no version" in told
    assert office.run("history")[1].startswith("no version yet")


def test_where_the_file_is_the_master_it_is_said_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = Office(tmp_path, capsys, "file")
    status, told, _ = office.run("import", office.written("strict.toml", ""))
    assert status == 1
    assert "nothing was changed" in told
    assert f"cp {tmp_path / 'strict.toml'} {office.file}" in told
    assert office.run("history")[1].startswith("no version yet")


def test_nobody_keeps_an_exception_to_which_they_agreed_themselves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path, capsys, "versions")
    file = office.written("excepted.toml", EXCEPTION)
    monkeypatch.setattr(policy, "name_of", lambda uid: "mori")
    status, told, _ = office.run("import", file)
    assert status == 1
    assert "mori is said to have agreed to the new exception for ever and a day" in told
    monkeypatch.setattr(policy, "name_of", lambda uid: "abe")
    assert office.run("import", file)[0] == 0
    monkeypatch.setattr(policy, "name_of", lambda uid: "mori")
    more = office.written("more.toml", EXCEPTION + "[warn]\nhold_at = 20\n")
    assert office.run("import", more)[0] == 0, "that exception is somebody else's change"


def test_who_keeps_a_version_is_whom_the_system_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not whom the environment names: anybody may write that, and agree to their own exception under it."""
    office = Office(tmp_path, capsys, "versions")
    monkeypatch.setenv("LOGNAME", "abe")
    assert office.run("import", office.written("warn.toml", "[warn]\nhold_at = 20\n"))[0] == 0
    told = office.run("history")[1]
    assert "operator:abe" not in told
    assert f"operator:{pwd.getpwuid(os.getuid()).pw_name}" in told


def test_a_mail_is_explained_under_a_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = Office(tmp_path, capsys, "versions")
    office.run("import", str(office.file))
    slow = office.written("slow.toml", '[rules.external_recipient]\nthen = "delay 20m"\n')
    office.run("import", slow)
    (tmp_path / "mail.eml").write_bytes(mail(SATO).replace(b"\n", b"\r\n"))

    def explained(*words: str) -> str:
        config = ["--config", str(office.config)]
        assert main(["explain", str(tmp_path / "mail.eml"), "--as", "outbound", *words, *config]) == 0
        return capsys.readouterr().out

    assert "delay=1200" in explained()
    assert explained().rstrip().endswith("(version 2)")
    first = explained("--policy", "1")
    assert "delay=300" in first
    assert first.rstrip().endswith("(version 1)")
    assert main(["explain", str(tmp_path / "mail.eml"), "--policy", "9", "--config", str(office.config)]) == 2
    assert "there is no version 9" in capsys.readouterr().err


def test_where_no_node_has_run_nothing_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = Office(tmp_path, capsys, "versions")
    (tmp_path / "state/sekisho.db").unlink()
    status, _, told = office.run("history")
    assert status == 2
    assert "no node has run here yet" in told
    assert not (tmp_path / "state/sekisho.db").exists()


@pytest.mark.parametrize(
    "words",
    [
        "counts --days 99999999999",
        "counts --days -1",
        "diff 1 99999999999999999999999",
        "export 0",
        "rollback x",
    ],
)
def test_a_number_that_nobody_means_is_told_with_the_usage(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["policy", *words.split()])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "is no number from 1 to" in told or "expected one argument" in told
