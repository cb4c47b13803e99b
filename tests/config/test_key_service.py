"""Who keeps the master key: all of it is named, or nothing."""

from pathlib import Path

import pytest

from config.policy import ConfigError
from config.settings_file import load_settings

WHOLE = 'module = "lib.so"\ntoken = "t"\nkeys = ["new", "old"]\npin_file = "pin"\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "sekisho.toml"
    file.write_text(f"[key_service]\n{text}")
    return file


def test_paths_are_beside_the_file_and_without_a_module_there_is_no_service(tmp_path: Path) -> None:
    section = load_settings(written(tmp_path, WHOLE)).key_service
    assert section.module == tmp_path / "lib.so"
    assert section.pin_file == tmp_path / "pin"
    assert section.keys == ("new", "old")
    assert load_settings(written(tmp_path, "")).key_service.module is None


@pytest.mark.parametrize("line", WHOLE.splitlines()[1:])
def test_half_a_service_is_none(line: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs module, token, keys and pin_file"):
        load_settings(written(tmp_path, WHOLE.replace(line + "\n", "")))


def test_a_key_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="named twice"):
        load_settings(written(tmp_path, WHOLE.replace('"old"', '"new"')))
