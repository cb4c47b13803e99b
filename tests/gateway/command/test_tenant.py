"""`sekisho tenant`: what `add` makes passes check-config and overwrites nothing; `list` tells numbers and no mail."""

import asyncio
import json
import stat
from pathlib import Path

import pytest

from config.settings_file import load_settings
from gateway.command.cli import main
from gateway.rounds.canary_letters import letters
from gateway.rounds.canary_rounds import FILE, read, written
from quarantine.item import State
from quarantine.queue.volumes import DAYS
from quarantine.service.shown import Proof
from tests.console.premises import NOW, Premises, item, mail, premises
from tests.gateway.command.test_init import FREE, SAID

NEW = [
    "--domain",
    "acme.example.com",
    "--organisation",
    'Acme "Ltd"',
    "--admin",
    "Ann@acme.example.com",
    "--yes",
]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert main(["init", str(tmp_path), *SAID, *FREE]) == 0
    monkeypatch.setenv("SEKISHO_CONFIG", str(tmp_path / "sekisho.toml"))
    return tmp_path


def _all(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_it_makes_passes_check_config(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = _all(house)
    assert main(["tenant", "add", "acme", *NEW, "--mailbox", "127.0.0.1:24"]) == 0
    told = capsys.readouterr().out
    assert "login-link ann --tenant acme" in told
    assert 'tenant = "*"' in told, "no listener takes its mail yet"
    assert main(["check-config"]) == 0, capsys.readouterr().err
    after = _all(house)
    assert {*after} - {*before} == {"acme/policy.toml", "acme/people.toml"}
    assert [name for name in before if after[name] != before[name]] == ["sekisho.toml"]
    assert after["sekisho.toml"].startswith(before["sekisho.toml"].rstrip()), "what stood there stands there"
    for path in (house / "acme").iterdir():
        assert not stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXO | stat.S_IWGRP)
    own = load_settings(house / "sekisho.toml").of("acme")
    assert own.mailbox is not None
    assert (own.policy, own.people, own.mailbox.port) == (
        house / "acme/policy.toml",
        house / "acme/people.toml",
        24,
    )
    assert (
        main(["tenant", "add", "third", *NEW, "--domain", "third.example", "--admin", "x@third.example"]) == 0
    ), "and another one"
    assert main(["check-config"]) == 0


@pytest.mark.parametrize(
    ("name", "more", "why"),
    [
        ("default", [], "no new name"),
        ("Acme/..", [], "no new name"),
        ("acme", ["--domain", "hinode.example"], "another organisation's"),
        ("acme", ["--domain", "sales.hinode.example"], "another organisation's"),
        ("acme", ["--admin", "nobody"], "not an address"),
        ("keys", [], "is there already"),
    ],
)
def test_nothing_is_changed_where_it_cannot_be(
    name: str, more: list[str], why: str, house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _all(house)
    assert main(["tenant", "add", name, *NEW, *more]) == 2
    assert why in capsys.readouterr().err
    assert _all(house) == before


def test_a_name_that_is_there_is_not_made_again(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tenant", "add", "acme", *NEW]) == 0
    before = _all(house)
    assert main(["tenant", "add", "acme", *NEW[2:], "--domain", "other.example"]) == 2
    assert _all(house) == before


def test_a_link_to_the_settings_stays_one(house: Path) -> None:
    (house / "sekisho.toml").rename(house / "real.toml")
    (house / "sekisho.toml").symlink_to("real.toml")
    assert main(["tenant", "add", "acme", *NEW]) == 0
    assert (house / "sekisho.toml").is_symlink()
    assert "[tenants.acme]" in (house / "real.toml").read_text("utf-8")


async def _mails(place: Premises) -> None:
    for tenant, number in (("default", 1), ("acme", 2)):
        for each in range(number):
            made = item(f"{tenant}{each}", mail("x", "secret"), tenant=tenant, holds=("warning_score",))
            await place.keep(made, NOW + each)
        await place.keep(
            item(f"{tenant}q", mail("x", "secret"), tenant=tenant, state=State.QUEUED), NOW - number
        )


def _furnished(house: Path) -> None:
    """The house, with acme, mail of both, and a database that commands find."""

    async def furnish() -> None:
        async with premises(house) as place:
            await _mails(place)

    assert main(["tenant", "add", "acme", *NEW]) == 0
    asyncio.run(furnish())
    text = (house / "sekisho.toml").read_text("utf-8")
    where = f'database = "sqlite:///{house}/console.db"\nseal_key_file = "seal.keys"\n'
    (house / "sekisho.toml").write_text(where + text, "utf-8")


def test_the_list_tells_numbers_of_each_and_nothing_of_a_mail(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _furnished(house)
    capsys.readouterr()
    assert main(["tenant", "list", "--json"]) == 0
    found = {each["tenant"]: each for each in json.loads(capsys.readouterr().out)}
    assert {name: (each["held"], each["queued"], each["oldest"]) for name, each in found.items()} == {
        "default": (1, 1, NOW - 1), "acme": (2, 1, NOW - 2),
    }  # fmt: skip
    assert all(len(each["days"]) == DAYS for each in found.values())
    assert all(each["senders"]["per_day"] == 10_000 for each in found.values())
    assert main(["tenant", "list"]) == 0
    told = capsys.readouterr().out
    assert "acme" in told
    assert "near a limit" in told.partition("\n")[0]
    for word in ("件名", "secret", "@", "hanako", "client.example"):
        assert word not in told


def test_one_is_suspended_and_goes_on_without_a_node(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _furnished(house)
    capsys.readouterr()
    for words, said in (
        (["resume", "acme"], "acme was running already"),
        (["suspend", "acme", "--reason", "unpaid"], "acme is suspended"),
        (["suspend", "acme"], "acme was suspended already"),
        (["suspend", "default"], "default is suspended"),
        (["resume", "default"], "default is running"),
    ):
        assert main(["tenant", *words]) == 0
        assert said in capsys.readouterr().out
    assert main(["tenant", "list"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "suspended since " in lines["acme"]
    assert "running" in lines["default"]
    assert main(["tenant", "list", "--json"]) == 0
    found = {each["tenant"]: each for each in json.loads(capsys.readouterr().out)}
    assert found["acme"]["reason"] == "unpaid"
    assert found["acme"]["suspended"] > NOW
    assert found["default"]["suspended"] is None
    assert main(["tenant", "resume", "acme"]) == 0


@pytest.mark.parametrize("name", ["nobody", "../acme", "Acme", "", "a" * 5000, "acme; DROP TABLE item"])
@pytest.mark.parametrize("action", ["suspend", "resume"])
def test_a_name_of_nobody_is_refused_in_a_sentence(
    action: str, name: str, house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tenant", action, name]) == 2
    err = capsys.readouterr().err
    assert "there is no tenant" in err
    assert "Traceback" not in err
    assert len(err) < 400


def test_the_list_tells_since_when_each_direction_is_proved(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the listeners that take a tenant's mail: the worst of them counts."""
    _furnished(house)
    settings = load_settings(house / "sekisho.toml")
    by = [each.name for each in settings.listeners if each.role == "inbound"]
    assert by
    arriving = [letter for letter in letters() if letter.direction == "inbound"]
    proofs = [Proof(f"{letter.name} by {name}", NOW, "") for letter in arriving for name in by]
    proofs = [*proofs[:-1], Proof(proofs[-1].path, NOW - 60, "no answer"), Proof("store", NOW, "")]
    settings.state_dir.mkdir(exist_ok=True)
    written(settings.state_dir / FILE, tuple(proofs))
    assert {p.path: p.at for p in read(settings.state_dir / FILE)} == {p.path: p.at for p in proofs}
    capsys.readouterr()
    assert main(["tenant", "list", "--json"]) == 0
    found = {each["tenant"]: each["proved"] for each in json.loads(capsys.readouterr().out)}
    assert found["default"]["inbound"] == {"at": NOW - 60, "now": False}
    assert found["acme"] == {}, "no listener takes its mail yet, and nothing was looked at"
    assert main(["tenant", "list"]) == 0
    assert "(fails)" in capsys.readouterr().out
