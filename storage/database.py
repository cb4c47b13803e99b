"""Opening a database by its URL, with its schema brought up to date."""

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from config.policy import ConfigError
from storage.departures import Departures
from storage.interfaces import Database, StoreError
from storage.migrations import migrate, shipped
from storage.sqlite import Sqlite
from storage.writer import Dialect, GroupCommit, Undecided, text_of_error

if TYPE_CHECKING:
    from storage.postgres import Apart, Postgres


def open_database(url: str, password: str = "", departures: Departures | None = None) -> Database:
    """The database at "sqlite:///relative/path", "sqlite:////absolute/path" or "postgresql://…".

    `password` is for PostgreSQL, when it does not stand in the URL; `departures`: where it is told a second time what
    happens to mail.
    Blocks until the schema is current: for the start of a program. Raises ConfigError for any other URL or
    when the driver is not installed, NewerSchema, and StoreError when the database cannot be reached.
    """
    chosen = dialect(url, password)
    prepare(chosen)
    return GroupCommit(chosen, None if departures is None else departures.ship)


def apart(url: str, password: str = "") -> "Apart | None":
    """Whether a PostgreSQL database keeps tenants apart by itself (docs/adr/0021); None for SQLite. Blocks. Raises ConfigError,
    StoreError."""
    chosen = dialect(url, password)
    return None if isinstance(chosen, Sqlite) else chosen.apart()


def secure(url: str, password: str = "") -> list[str] | None:
    """Have it do so; the tables that are behind the border then, None for SQLite. Blocks. Raises ConfigError, StoreError."""
    chosen = dialect(url, password)
    return None if isinstance(chosen, Sqlite) else chosen.secure()


def dialect(url: str, password: str = "") -> "Sqlite | Postgres":
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return Sqlite(Path(unquote(rest[1:])))
    if scheme in ("postgresql", "postgres"):
        try:
            from storage.postgres import Postgres
        except ImportError as error:
            raise ConfigError(["PostgreSQL needs the extra [cluster]: psycopg is not installed"]) from error
        return Postgres(url, password)
    raise ConfigError([f'"{scheme}://…" is not a database; "sqlite:///PATH" or "postgresql://…" is'])


def prepare(chosen: Dialect) -> list[str]:
    """Apply the migrations that are missing; their names."""
    try:
        connection = chosen.schema()
        try:
            transaction = connection.begin()
            try:
                files = shipped()
                applied = migrate(transaction, files)
                if transaction.owns_schema:
                    chosen.complete(transaction, new=len(applied) == len(files))
                connection.commit()
            except BaseException:
                connection.rollback()
                raise
        finally:
            connection.close()
    except Undecided as error:
        raise StoreError(text_of_error(error.__cause__ or error)) from error
    except chosen.errors as error:
        raise StoreError(text_of_error(error)) from error
    return applied
