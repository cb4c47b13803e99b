"""Which database a URL means."""

from pathlib import Path

import pytest

from config.policy import ConfigError
from storage.database import dialect, open_database
from storage.interfaces import StoreError
from storage.sqlite import Sqlite


def test_a_path_is_relative_or_absolute() -> None:
    for url, path in (("sqlite:///a%20b.db", "a b.db"), ("sqlite:////var/x.db", "/var/x.db")):
        chosen = dialect(url)
        assert isinstance(chosen, Sqlite)
        assert chosen.path == Path(path)


@pytest.mark.parametrize(
    "url", ["", "sqlite://", "sqlite:///", "sqlite:x.db", "mysql://x/y", "/a/path", "sqlite://host/x"]
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        dialect(url)


def test_the_url_of_another_scheme_is_not_repeated_with_its_password() -> None:
    with pytest.raises(ConfigError) as raised:
        dialect("mysql://user:secret@host/db")
    assert "secret" not in str(raised.value)


def test_a_database_that_cannot_be_reached_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_database(f"sqlite:///{tmp_path / 'no' / 'such' / 'directory'}")
    with pytest.raises(StoreError):
        open_database("postgresql://nobody@127.0.0.1:1/none")
