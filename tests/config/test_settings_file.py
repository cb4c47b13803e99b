"""What is wrong with the settings, where it stands, and what was meant; the values are in test_settings.py."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from config.settings import Settings
from config.settings_file import _anchored, read_settings


def told(folder: Path, text: str) -> list[str]:
    path = folder / "sekisho.toml"
    path.write_text(text, encoding="utf-8")
    return [problem.replace(f"{path}:", "") for problem in read_settings(path)[1]]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('hostname = "a"\n[relay]\nhots = "mx"\nhost = "x"\n', '3:1: relay.hots: no such setting; did you mean "host"?'),
        ('[[listeners]]\nname = "a"\nrole = "inbound"\n', "1:3: listeners.0.port: is missing"),
        ('[[listeners]]\nname = "a"\nport = 25\nrole = "inbund"\n', '4:1: listeners.0.role: must be "submission", "inbound" or "relay"; did you mean "inbound"?'),
        ('[console]\nport = 8025\npresets = ["observe"]\n', "3:1: console.presets: no such setting; it has no table: write it above the first [table]"),
        ('base_url = "https://x"\n', "1:1: base_url: no such setting; it belongs in [console] or [tenants]"),
        ('[organisation]\ndomains = ["example.jp"]\n', "1:2: organisation: no such setting; it belongs in the policy's file (`policy`)"),
        ('[console]\ntimezone = "Asia/Tokio"\n', '2:1: console.timezone: is not a time zone such as "Asia/Tokyo"; did you mean "Asia/Tokyo"?'),
        ('[relay]\nhost = "mx"\nport = 99999\n', "3:1: relay.port: input should be less than or equal to 65535"),
        ('hostname = "a\n', '1:14: is not TOML: Illegal character \'\\n\'; is a quotation mark (") missing?'),
        ("[relay]\nhost = mx\n", "2:8: is not TOML: Invalid value; texts stand between quotation marks, true and false are written small"),
        ("[relay]\nhost = “mx”\n", '2:8: is not TOML: Invalid value; "“" is a full-width or typographic character, TOML has its own'),
        ('[relay\nhost = "mx"\n', "1:7: is not TOML: Expected ']' at the end of a table declaration"),
        ("[limits]\ntrusted = [\n", "3:1: is not TOML: Invalid value"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_was_meant(tmp_path: Path, text: str, problem: str) -> None:
    assert told(tmp_path, text) == [problem]


def test_all_of_them_at_once_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sekisho.toml"
    path.write_text(
        'node = "a b"\npeople = "people.toml"\n[[listeners]]\nname = "x"\nrole = "inbound"\nport = 25\n'
        '[[listeners]]\nname = "y"\n[dns]\nsecond = 3\nseconds = "long"\n'
    )
    settings, problems, _ = read_settings(path)
    assert [problem.split(": ")[:2] for problem in problems] == [
        [f"{path}:1:1", "node"],
        [f"{path}:7:3", "listeners.1.role"],
        [f"{path}:7:3", "listeners.1.port"],
        [f"{path}:10:1", "dns.second"],
        [f"{path}:11:1", "dns.seconds"],
    ]
    assert settings.people == tmp_path / "people.toml"
    assert [listener.name for listener in settings.listeners] == ["x"]


def test_several_mistakes_of_toml_are_told_and_the_other_files_found(tmp_path: Path) -> None:
    path = tmp_path / "sekisho.toml"
    path.write_text('hostname = "a\npolicy = "policy.toml"\nnode = b\nhostnam = 3\n')
    settings, problems, _ = read_settings(path)
    assert [problem.split(": ")[0] for problem in problems] == [f"{path}:1:14", f"{path}:3:8"], (
        "no guesses besides"
    )
    assert settings.policy == tmp_path / "policy.toml"


def test_a_variable_of_the_environment_is_named_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEKISHO_RELAY__HOTS", "mx")
    monkeypatch.setenv("SEKISHO_RELEY__HOST", "mx")
    monkeypatch.setenv("SEKISHO_MARGIN_SECONDS", "hunter2")
    problems = told(tmp_path, '[relay]\nhost = "a"\n')
    assert sorted(problems) == [
        "SEKISHO_MARGIN_SECONDS: input should be a valid integer, unable to parse string as an integer",
        'SEKISHO_RELAY__HOTS: no such setting; did you mean "host"?',
        'SEKISHO_RELEY__HOST: no such setting; did you mean "RELAY"?',
    ]


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml")[1] == [
        f"{tmp_path}/none.toml: cannot be read: No such file or directory"
    ]
    (tmp_path / "sjis.toml").write_bytes('hostname = "a"\n# 設定\n'.encode("shift_jis"))
    assert read_settings(tmp_path / "sjis.toml")[1] == [f"{tmp_path}/sjis.toml:2:3: is not written in UTF-8"]
    (tmp_path / "bom.toml").write_bytes(b"\xef\xbb\xbf" + b'hostname = "a"\r\n')
    settings, problems, _ = read_settings(tmp_path / "bom.toml")
    assert (settings.hostname, problems) == ("a", [])


def test_every_path_of_the_settings_is_relative_to_their_file(tmp_path: Path) -> None:
    """Each that a section has: one that is forgotten would mean another file for each folder that a command is run in."""

    def names(model: type[BaseModel]) -> Iterator[str]:
        for name, field in model.model_fields.items():
            kinds = [field.annotation, *get_args(field.annotation)]
            kinds += [inner for kind in kinds for inner in get_args(kind)]
            if Path in kinds:
                yield name
            for kind in kinds:
                if isinstance(kind, type) and issubclass(kind, BaseModel):
                    yield from names(kind)

    found = set(names(Settings))
    assert {"state_dir", "departures", "heads_file"} <= found
    for name in found:
        assert _anchored({"section": {name: "here"}}, tmp_path)["section"][name] == str(tmp_path / "here"), (
            name
        )
