"""Settings: one file, the environment on top, and no silent mistakes."""

from pathlib import Path

import pytest

from config.policy import ConfigError
from config.settings_file import load_settings


def written(folder: Path, text: str) -> Path:
    path = folder / "sekisho.toml"
    path.write_text(text)
    return path


def test_a_file_is_read_and_its_paths_are_relative_to_it(tmp_path: Path) -> None:
    path = written(tmp_path, 'state_dir = "state"\n[relay]\nhost = "mx"\npassword_file = "secret"\n')
    (tmp_path / "secret").write_text("s3cret\n")
    settings = load_settings(path)
    assert settings.state_dir == tmp_path / "state"
    assert settings.relay is not None
    assert settings.relay.password() == "s3cret"


def test_the_environment_stands_above_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEKISHO_RELAY__HOST", "other")
    settings = load_settings(written(tmp_path, '[relay]\nhost = "mx"\nport = 2525\n'))
    assert settings.relay is not None
    assert (settings.relay.host, settings.relay.port) == ("other", 2525)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load_settings(written(tmp_path, 'hostnam = "x"\n[relay]\nhost = "a"\ntls = "maybe"\n'))
    file = tmp_path / "sekisho.toml"
    assert error.value.problems == [
        f'{file}:1:1: hostnam: no such setting; did you mean "hostname"?',
        f'{file}:4:1: relay.tls: must be "none", "opportunistic", "encrypt" or "verify"',
    ]


def test_a_misspelt_environment_variable_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEKISHO_RELY__HOST", "mx")
    with pytest.raises(ConfigError, match="SEKISHO_RELY__HOST"):
        load_settings()


def test_a_missing_file_and_broken_toml_are_errors(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load_settings(tmp_path / "absent.toml")
    with pytest.raises(ConfigError):
        load_settings(written(tmp_path, "= 3"))


def test_a_wrong_value_is_not_repeated_in_the_message(tmp_path: Path) -> None:
    """Somebody may have put a password into the wrong place."""
    with pytest.raises(ConfigError) as error:
        load_settings(written(tmp_path, '[relay]\nhost = "a"\nport = "hunter2"\n'))
    assert "hunter2" not in str(error.value)


def problems(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        load_settings(written(folder, text))
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[listeners]]\nname = "s"\nrole = "submission"\nport = 25\ntls = "none"\n', "needs TLS"),
        (
            '[[listeners]]\nname = "s"\nrole = "inbound"\nport = 25\nproxy_networks = ["10.0.0.0/99"]\n',
            "network",
        ),
        ('[limits]\ntrusted = ["our office"]\n', "limits.trusted.0: is not a network"),
        ("[limits]\nerrors = 0\n", "limits.errors"),
        ("[limits]\nrecipients = 99\n", "limits.recipients"),  # RFC 5321 §4.5.3.1.8
        ("margin_seconds = -5\n", "margin_seconds"),
        ('[console]\ntimezone = "Asia/Edo"\n', "console.timezone: is not a time zone"),
        ('[[listeners]]\nname = "a"\nrole = "inbound"\nport = 1\n' * 2, "a name of its own"),
        ('[dns]\nservers = ["ns.example.jp"]\n', "dns.servers.0: is not an IP address"),
        ("[dns]\nseconds = 0\n", "dns.seconds"),
        ('[authentication]\ntrusted_hops = ["mx.provider.example"]\n', "trusted_hops.0: is not a network"),
        ('[authentication]\ntrusted_results = ["mx.provider.example"]\n', "name those too"),
        ('[authentication]\ntrusted_sealers = ["a b"]\n', "trusted_sealers.0: is not a host or domain name"),
    ],
)
def test_what_cannot_work_stops_the_start(tmp_path: Path, text: str, told: str) -> None:
    assert told in problems(tmp_path, text)


def test_the_key_of_sealed_secrets_may_lie_elsewhere(tmp_path: Path) -> None:
    assert load_settings(state_dir=tmp_path).seal_key == tmp_path / "seal.key"
    assert load_settings(written(tmp_path, 'seal_key_file = "k"\n')).seal_key == tmp_path / "k"


def test_systemd_may_hand_the_key_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert load_settings(state_dir=tmp_path / "s").seal_key == tmp_path / "s" / "seal.key"
    (tmp_path / "seal.key").touch()
    assert load_settings(state_dir=tmp_path / "s").seal_key == tmp_path / "seal.key"
    assert load_settings(written(tmp_path, 'seal_key_file = "k"\n')).seal_key == tmp_path / "k"


def test_the_keys_of_contents_may_lie_elsewhere(tmp_path: Path) -> None:
    assert load_settings(state_dir=tmp_path).keys == tmp_path / "keys"
    assert load_settings(written(tmp_path, 'key_folder = "k"\n')).keys == tmp_path / "k"


def test_the_report_address_is_an_address() -> None:
    assert load_settings(None, report_address="Report@Example.jp").report_address == "report@example.jp"
    with pytest.raises(ConfigError) as error:
        load_settings(None, report_address="report")
    assert error.value.problems == ['report_address: is not an address such as "report@example.jp"']


def test_whom_we_believe_is_written_in_one_form() -> None:
    trust = load_settings(
        None,
        authentication={
            "trusted_hops": ["192.0.2.1"],
            "trusted_results": ["MX.Provider.example."],
            "trusted_sealers": ["Lists.example"],
        },
    ).authentication
    assert (trust.trusted_results, trust.trusted_sealers) == (("mx.provider.example",), ("lists.example",))
    assert load_settings(None).authentication.trusted_hops == (), "nobody unless it is said"


@pytest.mark.parametrize("name", ["a@b", "a b", "", "a\n"])
def test_a_node_whose_name_could_be_read_as_a_tenants_chain_does_not_start(name: str) -> None:
    """The journal's chain of a tenant is NODE@TENANT (storage/journal.py)."""
    with pytest.raises(ConfigError):
        load_settings(None, node=name)
