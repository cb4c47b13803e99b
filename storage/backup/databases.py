"""A copy of a whole database as it was at one moment, while it is written; and back.

SQLite: its online backup, in one step: that is one reading transaction, beside which everybody else goes on writing. (In
several steps it would begin anew with each commit of others; VACUUM INTO would move pages, so that little of it would be
in the last backup already.) PostgreSQL: pg_dump and pg_restore, which have to be of the server's version or newer.

Diagnostics: StoreError, with what PostgreSQL's tools said.
"""

import os
import re
import secrets
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

from storage.border import COPY, of_all
from storage.draft import write_all
from storage.interfaces import StoreError
from storage.seal import sync_folder
from storage.writer import text_of_error

SQLITE, POSTGRES = "sqlite", "postgresql"
_TABLES = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'"
_FORCED = "SELECT relforcerowsecurity FROM pg_class WHERE oid = to_regclass('item')"
_BORDER = re.compile(r"\d+; \d+ \d+ (POLICY|ROW SECURITY) ")
"""Lines of what is in a dump: the border between tenants."""
_ENDS = of_all("SELECT node, seq, hash FROM journal_head")
"""Where the journal's chains end, in a copy."""
_SEEN = "SELECT number FROM schema_version ORDER BY number"
"""The migrations that a copy has seen."""
_PENDING = (
    "INSERT INTO public.restore_pending (backup, at) VALUES ('{id}', {at}) ON CONFLICT (backup) DO NOTHING"
)
"""In the transaction that puts a dump back: no node starts on it before somebody has said what has left since."""


_KNOWN = (
    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'"
    " AND table_name IN ('restore_pending', 'journal_restored')"
)
_CAME_FROM = (
    "SELECT (SELECT COUNT(*) FROM public.restore_pending WHERE backup = '{id}')"
    " + (SELECT COUNT(*) FROM public.journal_restored WHERE backup = '{id}')"
)
"""Of a restore that has not come to its end, or has."""


def kind_of(url: str) -> str:
    return SQLITE if url.startswith("sqlite:") else POSTGRES


def file_of(url: str) -> Path:
    """The file of a SQLite database."""
    return Path(unquote(url.removeprefix("sqlite:///")))


def copied(url: str, password: str, to: Path) -> None:
    """Copy the database to a file that is not there yet, readable by us alone. Blocks. Raises StoreError."""
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    if kind_of(url) == POSTGRES:
        dump = ["pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-acl", f"--file={to}"]
        if _has_border(
            url, password
        ):  # without being COPY, its tables would seem to be empty: pg_dump refuses
            dump += ["--enable-row-security", f"--role={COPY}"]
        _run(dump, url, password)
        return
    source = file_of(url)
    try:
        if not source.is_file():
            raise StoreError(f"there is no database {source}")
        with (
            closing(sqlite3.connect(f"file:{source}?mode=rw", uri=True, timeout=20)) as live,
            closing(sqlite3.connect(to)) as copy,
        ):
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StoreError(text_of_error(error)) from error


def looked_at(file: Path) -> tuple[dict[str, tuple[int, str]], tuple[int, ...]]:
    """Of a copy of a SQLite database: where the journal's chains end, and which migrations it has seen. Raises StoreError
    when the file is damaged."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as copy:
            (said,) = copy.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                raise StoreError(f"the copy of the database is damaged: {said}")
            heads = {chain: (seq, hash) for chain, seq, hash in copy.execute(_ENDS)}
            schema = tuple(n for (n,) in copy.execute(_SEEN))
            return heads, schema
    except sqlite3.Error as error:
        raise StoreError(f"the copy of the database is damaged: {text_of_error(error)}") from error


def written(pieces: Iterable[bytes], to: Path) -> None:
    """Make a file of a copy's pieces; durable on return."""
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        for piece in pieces:
            write_all(descriptor, piece)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_folder(to.parent)


def restored(dump: Path, url: str, password: str, id: str, at: float) -> None:
    """Put a dump into an empty PostgreSQL database, all of it or nothing, marked as not to be used yet. Blocks."""
    # Names of their own: who was ended may have left a program that still writes.
    script = dump.with_name(f"{secrets.token_hex(8)}.sql")
    os.close(os.open(script, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    # A start puts up the border between tenants where it was (storage/postgres_roles.py), with the roles that are here.
    contents = _run(["pg_restore", "--list", str(dump)]).splitlines(keepends=True)
    chosen = script.with_suffix(".list")
    chosen.write_text("".join(line for line in contents if not _BORDER.match(line)), "utf-8")
    _run(["pg_restore", "--no-owner", "--no-acl", f"--use-list={chosen}", f"--file={script}", str(dump)])
    chosen.unlink()
    pending = _PENDING.format(id=id, at=float(at))
    told = [
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--single-transaction",
        "--output=/dev/null",
    ]
    _run([*told, f"--file={script}", f"--command={pending}"], url, password)
    script.unlink()


def _has_border(url: str, password: str) -> bool:
    return (
        _run(["psql", "--no-psqlrc", "--tuples-only", f"--command={_FORCED}"], url, password).strip() == "t"
    )


def is_empty(url: str, password: str) -> bool:
    """Whether a PostgreSQL database has no table yet. Blocks."""
    return (
        _run(["psql", "--no-psqlrc", "--tuples-only", f"--command={_TABLES}"], url, password).strip() == "0"
    )


def came_from(url: str, password: str, id: str) -> bool:
    """Whether a PostgreSQL database, in which no start may have put up a border yet, came from this backup. Blocks."""

    def number(of: str) -> int:
        return int(_run(["psql", "--no-psqlrc", "--tuples-only", f"--command={of}"], url, password))

    return number(_KNOWN) == 2 and number(_CAME_FROM.format(id=id)) > 0


def _run(command: Sequence[str], url: str = "", password: str = "") -> str:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    if password:
        environment["PGPASSWORD"] = password  # seen by our own user alone
    named = [f"--dbname={url}"] if url else []
    try:
        done = subprocess.run(
            [*command[:1], *named, *command[1:]], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, errors="replace", check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise StoreError(
            f"{command[0]} is missing: install PostgreSQL's client (postgresql-client)"
        ) from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["it ended without a word"]
        raise StoreError(f"{command[0]}: {lines[-1][:300]}")
    return done.stdout
