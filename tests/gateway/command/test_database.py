"""`sekisho database`, and what a doctor says: a database from before gets the border once no node works on it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.settings_file import load_settings
from gateway.command.cli import main
from gateway.doctor.reach import of_store
from storage.border import ROLES
from storage.database import dialect
from storage.migrations import migrate, shipped
from tests.gateway.command.test_backup import Installation
from tests.services.postgres import Cluster, cluster

LOGIN = "sekisho_before"


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.mark.system
async def test_a_database_from_before(
    server: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = server.create()
    name = made.rpartition("/")[2]
    with psycopg.connect(made, autocommit=True) as administrator:
        administrator.execute(f"CREATE ROLE {LOGIN} LOGIN".encode())
        administrator.execute(f"ALTER DATABASE {name} OWNER TO {LOGIN}".encode())
    url = made.replace("//postgres@", f"//{LOGIN}@")
    here = Installation(tmp_path, url)
    older = dialect(url).schema()
    migrate(older.begin(), shipped())
    older.commit()

    async def said(*words: str) -> tuple[int, str]:
        status = await asyncio.to_thread(main, [*words, "--config", str(here.file)])
        told = capsys.readouterr()
        return int(status or 0), told.out + told.err

    status, text = await said("database")
    assert status == 1
    assert all(f"CREATE ROLE {role} NOLOGIN;" in text for role in ROLES)
    assert f'TO "{LOGIN}";' in text
    status, text = await said("database", "secure")
    assert status != 0
    assert "a node works on this database" in text
    older.close()
    status, text = await said("database", "secure")
    assert status != 0
    assert "a superuser says: CREATE ROLE sekisho_tenant NOLOGIN" in text
    found = [each async for each in of_store(load_settings(here.file))]
    assert [each.key for each in found] == ["store_open"]
    assert "CREATE ROLE sekisho_tenant" in found[0].mend("en")
    assert "CREATE ROLE sekisho_tenant" in found[0].mend("ja")
    with psycopg.connect(made, autocommit=True) as administrator:
        for statement in found[0].values["first"].split("; "):
            administrator.execute(statement.encode())
    status, text = await said("database", "secure")
    assert (status, "owns the tables" in text) == (0, True)
    status, _ = await said("database")
    assert status == 0
    assert [each.key async for each in of_store(load_settings(here.file))] == []
