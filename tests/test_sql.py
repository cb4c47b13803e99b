"""Where SQL stands (docs/adr/0016): at the head of the module that owns the table, and nowhere inside a function."""

import re

from tests.house import rooms
from tests.house.statements import inside_functions, tables

DIALECTS = {"storage/sqlite.py", "storage/postgres.py", "storage/statements.py"}
"""They say BEGIN and COMMIT, or make pieces of statements."""
OWNERS = {
    "backup": {"storage/backup/noted.py"},
    "backup_late": {"storage/backup/noted.py"},
    "restore_pending": {"storage/backup/noted.py"},
    "journal_restored": {"quarantine/queue/restoring.py"},
    "attention": {"quarantine/waits/attention.py"},
    "console_codes": {"directory/sessions.py"},
    "console_sessions": {"directory/sessions.py"},
    "content": {"storage/contents.py"},
    "correspondents": {"directory/correspondents.py"},
    "day_key": {"storage/day_keys.py"},
    "delegation": {"directory/delegations.py"},
    "device": {"directory/devices.py"},
    "digests": {"quarantine/digests.py"},
    "directory_source": {"directory/roster.py"},
    "exception_told": {"quarantine/policies/exceptions.py"},
    "failed_login": {"directory/guessed.py"},
    "flood_stranger": {"directory/floods.py"},
    "forgotten_devices": {"directory/logins.py"},
    "item": {
        "quarantine/digests.py",
        "quarantine/review/flow.py",
        "quarantine/review/month.py",
        "quarantine/reconcile.py",
        "quarantine/rows.py",
        "quarantine/store.py",
        "quarantine/queue/delays.py",
        "quarantine/queue/depth.py",
        "quarantine/queue/leasing.py",
        "quarantine/queue/restoring.py",
        "quarantine/queue/sender_limits.py",
        "quarantine/queue/stuck.py",
        "quarantine/queue/volumes.py",
        "quarantine/retention/aging.py",
        "quarantine/retention/destroying.py",
        "quarantine/retention/erasing.py",
        "quarantine/retention/older_secrets.py",
        "quarantine/retention/others.py",
        "quarantine/search/index.py",
        "quarantine/search/read.py",
        "quarantine/waits/gone.py",
    },
    "journal": {
        "quarantine/handed_over.py",
        "quarantine/review/flow.py",
        "quarantine/review/month.py",
        "quarantine/reported/sightings.py",
        "quarantine/store.py",
        "storage/departures.py",
        "storage/journal.py",
        "storage/journal_proofs.py",
    },
    "journal_checkpoint": {"storage/journal.py", "storage/journal_marks.py", "storage/journal_proofs.py"},
    "journal_head": {"storage/backup/databases.py", "storage/journal.py", "storage/journal_proofs.py"},
    "journal_tombstone": {
        "storage/departures.py",
        "storage/journal.py",
        "storage/journal_marks.py",
        "storage/journal_proofs.py",
    },
    "let_go": {"storage/let_go.py"},
    "legal_hold": {"quarantine/retention/legal_holds.py"},
    "known_networks": {"directory/logins.py"},
    "listed_alert": {"quarantine/reported/listed_later.py"},
    "listings": {"directory/listings.py"},
    "partner_passphrases": {"directory/vault.py"},
    "password_tries": {"quarantine/password_attempts.py"},
    "people": {"directory/roster.py"},
    "people_addresses": {"directory/roster.py"},
    "picture": {"quarantine/waits/pictures.py"},
    "policy_use": {"quarantine/policies/counts.py"},
    "policy_version": {"quarantine/policies/versions.py"},
    "recipient": {
        "quarantine/digests.py",
        "quarantine/queue/leasing.py",
        "quarantine/queue/sender_limits.py",
        "quarantine/queue/stuck.py",
        "quarantine/retention/legal_holds.py",
        "quarantine/rows.py",
        "quarantine/search/read.py",
        "quarantine/waits/asking.py",
    },
    "rehearsal": {"quarantine/rehearsal/memory.py"},
    "rehearsal_ground": {"quarantine/rehearsal/memory.py"},
    "recovery_code": {"directory/second_factor.py"},
    "release_requests": {
        "quarantine/requests.py",
        "quarantine/review/flow.py",
        "quarantine/rows.py",
        "quarantine/waits/wait_end.py",
    },
    "remembered": {"directory/memory_rows.py", "directory/past_mail.py"},
    "report": {
        "quarantine/reconcile.py",
        "quarantine/reported/reports.py",
        "quarantine/retention/aging.py",
        "quarantine/review/flow.py",
        "quarantine/retention/destroying.py",
        "quarantine/retention/others.py",
    },
    "said_last": {"quarantine/requests.py"},
    "schema_beside": {"storage/migrations/__init__.py"},
    "schema_version": {"storage/backup/databases.py", "storage/migrations/__init__.py"},
    "second_factor": {"directory/second_factor.py"},
    "seal_canary": {"storage/seal.py"},
    "sent_locked": {"directory/sent_locked.py"},
    "search_block": {"quarantine/search/index.py"},
    "search_pair": {"quarantine/search/index.py"},
    "wait": {"quarantine/waits/gone.py", "quarantine/waits/waits.py"},
    "suspension": {
        "quarantine/digests.py",
        "quarantine/queue/leasing.py",
        "quarantine/queue/stuck.py",
        "quarantine/queue/suspension.py",
        "quarantine/waits/waits.py",
    },
    "stuck": {"quarantine/queue/stuck.py"},
    "sighting": {"quarantine/reported/fingerprints.py", "quarantine/reported/sightings.py"},
}
"""Which modules' statements name which table: who changes a table looks here for those who read it."""


def test_no_statement_stands_inside_a_function() -> None:
    found = {rooms.inside(path) for path in rooms.paths() if inside_functions(path)}
    assert found - DIALECTS == set()


def test_each_table_is_touched_only_by_those_who_own_it() -> None:
    found: dict[str, set[str]] = {}
    for path in rooms.paths():
        for table in tables(path) & set(OWNERS):
            found.setdefault(table, set()).add(rooms.inside(path))
    assert found == OWNERS


def test_every_table_of_the_schema_has_its_owners() -> None:
    made = {
        name
        for path in rooms.ROOT.glob("storage/migrations/*.sql")
        for name in re.findall(r"CREATE TABLE (\w+)", path.read_text())
    }
    made = {
        name for name in made if not name.endswith("_new")
    }  # a table that is made again takes its old name
    assert made | {"schema_beside", "schema_version"} == set(OWNERS)
