"""Each implementation offers what its interface names."""

import inspect

import pytest

from storage import interfaces
from storage.draft import LocalDraft
from storage.postgres import PostgresConnection
from storage.s3 import S3Blobs
from storage.spool import Spool
from storage.sqlite import SqliteConnection
from storage.writer import GroupCommit


@pytest.mark.parametrize(
    ("interface", "implementation"),
    [
        (interfaces.Database, GroupCommit), (interfaces.Blobs, Spool), (interfaces.Blobs, S3Blobs),
        (interfaces.Draft, LocalDraft), (interfaces.Transaction, SqliteConnection),
        (interfaces.Transaction, PostgresConnection),
    ],
)  # fmt: skip
def test_parameters_agree(interface: type, implementation: type) -> None:
    for name, wanted in inspect.getmembers(interface, inspect.isfunction):
        if not name.startswith("_"):
            offered = inspect.signature(getattr(implementation, name)).parameters
            assert list(offered) == list(inspect.signature(wanted).parameters), name
