"""`sekisho doctor` on whole installations: files, machine, certificates, store, ports, next hops, scanner."""

import datetime
import json
import os
from pathlib import Path

import pytest
from cryptography import x509

from config.settings import Settings
from config.settings_file import load_settings
from config.words import LANGUAGES
from gateway.command.cli import main
from gateway.doctor import machine, reach
from gateway.doctor.ailment import Ailment
from gateway.doctor.examination import CHECKS, examine
from storage.database import open_database
from tests.gateway.command.test_cli import configured
from tests.services.certificates import Authority
from tests.services.clamav import clamav
from tests.services.dns import NameServer, Patient, name_server
from tests.services.sink import Sink


def keys(found: list[Ailment]) -> set[str]:
    return {each.key for each in found}


async def test_a_new_site_hears_what_it_lacks(tmp_path: Path) -> None:
    path = configured(tmp_path)
    async with NameServer({("hinode.example", "A"): ["192.0.2.1"]}) as server:
        found = await examine(path, Patient(server))
    assert keys(found) >= {
        "store_new", "node_stopped", "hop_refuses", "scanner_unset", "heads_stay", "tls_self_signed",
        "mx_missing", "spf_missing", "dkim_unset", "dmarc_missing", "hostname_unknown",
    }  # fmt: skip
    assert {each.of for each in found} <= set(CHECKS)


async def test_a_store_and_a_next_hop_that_answer(tmp_path: Path) -> None:
    async def asked(settings: Settings) -> list[Ailment]:
        return [*[each async for each in reach.of_store(settings)], *await reach.of_hops(settings)]

    (tmp_path / "state").mkdir()
    async with Sink() as hop:
        there = {"host": "127.0.0.1", "port": hop.port, "tls": "none"}
        settings = load_settings(None, state_dir=tmp_path / "state", mailbox=there)
        await open_database(settings.database_url).close()
        assert keys(await asked(settings)) <= {"store_full"}
    (tmp_path / "state/sekisho.db").write_bytes(b"no database" * 1000)
    assert keys(await asked(settings)) == {"store_broken", "hop_refuses"}


def test_what_is_wrong_with_the_files_is_said_once_and_by_check_config(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = configured(tmp_path, "[rules.no_such_rule]\n")
    with name_server({("hinode.example", "A"): ["192.0.2.1"]}) as server:
        path.write_text(path.read_text() + f"[dns]\nservers = ['127.0.0.1']\nport = {server.port}\n")
        assert main(["doctor", "--json", "--config", str(path)]) == 1
        answer = json.loads(capsys.readouterr().out)
        assert main(["doctor", "--config", str(path)]) == 1
        told = capsys.readouterr().out
    (wrong,) = [each for each in answer["findings"] if each["finding"] == "config_wrong"]
    assert "no_such_rule" in wrong["en"]["said"]
    assert wrong["ja"]["mend"]
    assert answer["checks"] == list(CHECKS)
    assert "FAILS config" in told
    assert "no_such_rule" in told
    assert "ok: " in told


def test_secrets_that_others_may_read(tmp_path: Path) -> None:
    key = tmp_path / "dkim.key"
    key.write_text("x")
    settings = load_settings(
        None, state_dir=tmp_path / "state", dkim={"a.example": {"selector": "s", "key_file": key}}
    )
    for mode, wrong in ((0o600, False), (0o640, False), (0o644, True), (0o660, True)):
        key.chmod(mode)
        found = list(machine.of_files(settings, iter([("dkim.a.example.key_file", key)])))
        assert bool(found) == wrong, oct(mode)
    (tmp_path / "state").mkdir(mode=0o755)
    os.chmod(tmp_path / "state", 0o755)
    assert [each.values["path"] for each in machine.of_files(settings, iter([]))] == [str(tmp_path / "state")]


def test_certificates(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair = authority.pair("mx.example.jp")
    settings = load_settings(
        None, hostname="mx.example.jp", state_dir=tmp_path, tls={"certificate": pair[0], "key": pair[1]}
    )
    found = list(machine.of_certificate(settings))
    assert keys(found) <= {"tls_chain", "tls_ends"}
    other = settings.model_copy(update={"hostname": "other.example.jp"})
    assert "tls_other_name" in keys(list(machine.of_certificate(other)))
    ends = x509.load_pem_x509_certificates(pair[0].read_bytes())[0].not_valid_after_utc
    for days, grade in ((20, "note"), (2, "fails"), (-1, "fails")):
        now = (ends - datetime.timedelta(days=days)).timestamp()
        (late,) = [each for each in machine.of_certificate(settings, now) if each.key == "tls_ends"]
        assert late.grade == grade


async def test_the_scanner(tmp_path: Path) -> None:
    def asked(address: str) -> dict[str, object]:
        return {"scanner": {"clamd": address, "database_days": 0, "seconds": 5}, "state_dir": tmp_path}

    with clamav() as strict:
        assert await reach.of_scanner(load_settings(None, **asked(strict.unix))) == []
        dated = load_settings(None, scanner={"clamd": strict.unix}, state_dir=tmp_path)
        assert keys(await reach.of_scanner(dated)) == {"scanner_stale"}
    assert keys(await reach.of_scanner(load_settings(None, **asked(strict.unix)))) == {"scanner_lost"}
    with clamav(alert="no") as lenient:
        assert keys(await reach.of_scanner(load_settings(None, **asked(lenient.unix)))) == {"scanner_lenient"}


def test_every_finding_has_words(tmp_path: Path) -> None:
    """Each key in the code stands in the files, and no other."""
    folder = Path(machine.__file__).parent
    code = "".join(path.read_text() for path in folder.glob("*.py"))
    for language in LANGUAGES.values():
        said = {key.split(".")[1] for key in language.sentences if key.startswith("doctor.")}
        assert {key for key in said if f'"{key}"' not in code} == set()
