"""No question forgets whose rows it means: every statement names the tenant, or says here why it need not."""

import ast
import importlib
import re
from collections.abc import Iterator

from tests.house import rooms
from tests.house.statements import STATEMENT, TABLE
from tests.test_sql import OWNERS

WITHOUT = {
    "failed_login": "how often somebody guessed at any node; whom at says only a keyed digest, which names the tenant",
    "backup": "a backup is of the whole installation",
    "backup_late": "as backup",
    "journal_restored": "a restore is of the whole installation; the name of a chain says whose it is",
    "restore_pending": "as backup",
    "schema_beside": "as schema_version",
    "schema_version": "which migrations the database has seen",
    "seal_canary": "which keys the installation has used; a key seals for all tenants, bound to the tenant's name",
}
"""Tables whose rows are the installation's own."""

SYSTEM = {
    "directory/delegations.py:_NEWS": "a node tells the people of all tenants, each of their own",
    "directory/sessions.py:_LIVING": "a cookie's digest names one session, and the row says whose",
    "directory/sessions.py:_WAS_SEEN": "as _LIVING",
    "directory/sessions.py:_END": "as _LIVING",
    "directory/sessions.py:_END_OLD": "housekeeping: what has ended, of everybody",
    "directory/sessions.py:_REDEEM": "a code's digest names one code, and the answer says whose",
    "directory/sessions.py:_REVOKE_OLD": "housekeeping: what has ended, of everybody",
    "directory/second_factor.py:_SEALED": "as _ALL_GROUNDS",
    "directory/sent_locked.py:_FORGET_OLD": "housekeeping: what is too old to matter, of everybody",
    "directory/floods.py:_FORGET": "housekeeping: what is too old to count, of everybody",
    "directory/listings.py:_ALERTING": "the rounds tell all tenants' people; each row says whose it is",
    "directory/logins.py:_FORGET_OLD": "housekeeping: what is too old to count, of everybody",
    "directory/past_mail.py:_FORGET": "housekeeping: what is too old to count, of everybody",
    "directory/past_mail.py:_TENANTS": "housekeeping: how much is remembered, tenant by tenant",
    "directory/roster.py:_FREE_FILE": "the people file has all tenants' people, each entry with its tenant",
    "quarantine/digests.py:_DUE": "the rounds write all tenants' digests; each row says for whose mailbox",
    "quarantine/digests.py:_SWEEP": "housekeeping: what nobody can open any more",
    "quarantine/digests.py:_TOLD": "as _DUE",
    "quarantine/handed_over.py:_OPEN": "the node's hand-overs at its start, chain by chain: a chain is one tenant's",
    "quarantine/reconcile.py:_PAGE": "the reconciliation compares all keys with all blobs",
    "quarantine/reconcile.py:_REPORTED": "as _PAGE",
    "quarantine/retention/erasing.py:_DUE": "the rounds erase for all tenants; each row says whose it is",
    "quarantine/retention/erasing.py:_NEXT_KIND": "as _DUE",
    "quarantine/retention/destroying.py:_ITEMS": "a key names its tenant",
    "quarantine/retention/destroying.py:_REPORTS": "a key names its tenant",
    "quarantine/retention/others.py:_NAMED": "a key names its tenant",
    "quarantine/retention/others.py:_OPEN": "a key names its tenant",
    "storage/journal_marks.py:_CHECKPOINTS": "a command marks all chains; a chain is one tenant's",
    "storage/journal_marks.py:_MARK": "a chain is one tenant's",
    "storage/journal_marks.py:_MARK_STONE": "a chain is one tenant's",
    "storage/journal_marks.py:_STONES": "as _CHECKPOINTS",
    "quarantine/rehearsal/memory.py:_ALL_GROUNDS": "a command puts all tenants' keys under another; each row says whose it is",
    "quarantine/retention/older_secrets.py:_SECRETS": "as _ALL_GROUNDS",
    "directory/vault.py:_NUMBER_OLDER": "a number, of all tenants",
    "storage/let_go.py:_ALL": "a key names its tenant",
    "storage/let_go.py:_DUE": "the rounds erase for all tenants; each row says whose it is",
    "directory/vault.py:_KEYS": "a key names its tenant",
    "directory/vault.py:_OLDER": "the rounds take over all tenants' agreements; each row says whose it is",
    "directory/vault.py:_OVER": "as _OLDER",
    "quarantine/retention/legal_holds.py:_ALL": "as _DUE",
    "quarantine/retention/legal_holds.py:_OVER": "as _DUE",
    "quarantine/retention/legal_holds.py:_RECIPIENTS": "of items that were just read, all tenants'; the row of the item says whose",
    "quarantine/reported/listed_later.py:_FORGET": "housekeeping: what is too old to matter, of everybody",
    "quarantine/requests.py:_UNANNOUNCED": "the rounds tell all tenants' administrators, each of their own",
    "quarantine/requests.py:_UNTOLD": "the rounds tell all people, each of their own",
    "quarantine/queue/depth.py:_HELD": "monitoring is of the node: numbers, of all tenants",
    "quarantine/queue/depth.py:_DUE": "as _HELD",
    "quarantine/queue/leasing.py:DUE": "the dispatcher delivers for all tenants",
    "quarantine/queue/suspension.py:_ALL": "every door asks of every tenant; each row says whose it is",
    "quarantine/queue/leasing.py:NEXT_DUE": "as DUE; answers a time",
    "quarantine/queue/leasing.py:_CHOSEN": "as DUE",
    "quarantine/queue/leasing.py:_WAITING": "as DUE",
    "quarantine/queue/leasing.py:_OWN": "as _DUE",
    "quarantine/waits/pictures.py:_NEXT": "as _DUE; each row says whose it is",
    "quarantine/waits/waits.py:_DUE": "a node tells the people of all tenants",
    "quarantine/waits/gone.py:_TIMED": "as _DUE; each row says whose it is",
    "quarantine/waits/gone.py:_OWN": "as _DUE; each row says whose it is",
    "quarantine/queue/restoring.py:_IS": "a restore is of all tenants; an id is one mail's",
    "quarantine/queue/restoring.py:_LIVE": "as _IS; each row says whose it is",
    "storage/backup/databases.py:_ENDS": "a copy is of the whole installation",
    "storage/departures.py:PAGES": "a chain is one tenant's",
    "storage/departures.py:_AT": "a chain is one tenant's",
    "storage/departures.py:_BEGINS": "a chain is one tenant's",
    "storage/day_keys.py:_ALL": "a start looks at the files of all tenants",
    "storage/contents.py:_KEYS": "the reconciliation's; a key names its tenant",
    "storage/journal.py:PAGES": "a chain is one tenant's, and its name says whose",
    "storage/journal.py:_CHAINS": "names of chains, to verify them all",
    "storage/journal.py:_CHECKPOINTS": "as PAGES",
    "storage/journal.py:_CUT": "as PAGES",
    "storage/journal.py:_CUT_CHECKPOINTS": "as PAGES",
    "storage/journal.py:_TOMBSTONE": "as PAGES",
    "storage/journal.py:_HEAD": "as PAGES",
    "storage/journal.py:_HEADS": "the node marks all its chains",
}
"""Statements on rows of tenants that do not ask for the tenant, each with the reason."""

EVERY = {
    "quarantine/service/entrance.py": "who logs in has not said whose they are; the account that is found does",
    "directory/people.py": "names for the rules, kept by tenant",
    "directory/roster.py": "a people file has all tenants' people",
    "gateway/console_login.py": "is there an administrator at all",
    "gateway/device_scram.py": "as entrance.py, where people of all log in at one listener",
    "gateway/from_settings.py": "as device_scram.py",
    "gateway/deliver/dispatcher.py": "does anything at all wait for the clock",
    "gateway/deliver/queue_rounds.py": "what waits too long in the queue, told per tenant",
    "gateway/rounds/quarantine_rounds.py": "digests for everybody, each from their own tenant; the end of what was kept",
    "gateway/rounds/scan_rounds.py": "mail that waits for the virus scanner, whoever sent it",
    "quarantine/queue/depth.py": "monitoring is of the node: numbers, of all tenants",
    "storage/bound.py": "nobody is bound who asks for all; the system alone does",
    "storage/border.py": "in whose name a statement is run: the house's for EVERY",
    "quarantine/rights.py": "a part of the system acts in every tenant",
}
"""Modules that ask for every tenant at once, each with the reason."""

UNBOUND = {
    "a statement of SYSTEM: of all tenants": (
        "directory/delegations.py:news directory/listings.py:alerting directory/logins.py:sweep directory/past_mail.py:sweep"
        " directory/sessions.py:find directory/sessions.py:_do directory/vault.py:older quarantine/digests.py:held_since"
        " quarantine/digests.py:told_until quarantine/digests.py:sweep quarantine/queue/depth.py:depth"
        " quarantine/queue/depth.py:answers quarantine/queue/suspension.py:all_of quarantine/reconcile.py:reconcile"
        " quarantine/reconcile.py:_naming quarantine/reported/listed_later.py:forget quarantine/retention/destroying.py:_pages"
        " quarantine/retention/erasing.py:_due quarantine/retention/erasing.py:_kinds quarantine/retention/legal_holds.py:held"
        " quarantine/retention/legal_holds.py:kept quarantine/retention/others.py:_due quarantine/retention/others.py:_staying"
        " quarantine/store.py:next_due quarantine/waits/gone.py:timed quarantine/waits/gone.py:waiting"
        " quarantine/waits/pictures.py:unread quarantine/waits/waits.py:due gateway/deliver/lanes.py:_waiting quarantine/queue/front.py:since"
        " storage/contents.py:keys storage/day_keys.py:check"
    ),
    "a table of WITHOUT: nobody's": (
        "directory/guessed.py:share directory/guessed.py:sweep gateway/command/backup.py:_take gateway/doctor/backups.py:of_backups"
        " gateway/monitor/figures.py:_of_backup gateway/rounds/backup_rounds.py:look gateway/start/restored.py:_ready"
        " quarantine/retention/aging.py:_prove gateway/command/operator.py:verify storage/seal.py:known_keys"
        " storage/seal.py:forget_older storage/seal.py:open_seal"
    ),
    "of a chain, whose name says whose it is": (
        "quarantine/handed_over.py:settle quarantine/reported/sightings.py:rebuild quarantine/retention/aging.py:_shorten"
        " quarantine/retention/aging.py:_entries storage/journal.py:checkpoint storage/journal.py:chains storage/journal.py:begun"
        " storage/journal.py:tenants storage/journal.py:ends storage/journal.py:end storage/journal.py:tombstone"
        " storage/journal.py:_verify storage/journal.py:_grew"
    ),
    "of several tenants: each part is bound within it (storage/bound.py: within, apart)": (
        "quarantine/store.py:put quarantine/store.py:lease quarantine/store.py:give_back quarantine/store.py:reclaim"
        " quarantine/store.py:record quarantine/retention/erasing.py:erase quarantine/retention/erasing.py:_ripe"
        " quarantine/retention/others.py:erase_others quarantine/retention/legal_holds.py:follow"
        " quarantine/retention/legal_holds.py:end_old quarantine/queue/suspending.py:suspend"
        " quarantine/queue/suspending.py:resume directory/people.py:set_password gateway/deliver/queue_rounds.py:look storage/contents.py:put"
    ),
    "rows of several tenants, each with its own in it": (
        "directory/correspondents.py:flush directory/floods.py:shared directory/past_mail.py:flush directory/people.py:read_files"
        " directory/sent_locked.py:flush directory/vault.py:end_old directory/vault.py:take_over quarantine/policies/counts.py:flush"
        " quarantine/rehearsal/memory.py:older_grounds quarantine/retention/older_secrets.py:take_over"
        " directory/second_factor.py:older"
    ),
    "whose account it is comes out of it, and a session ends by its digest": (
        "quarantine/service/entrance.py:login quarantine/service/entrance.py:redeem quarantine/service/factors.py:second"
        " quarantine/service/factors.py:enrol_factor quarantine/service/factors.py:prove"
    ),
}
"""Where a database is asked that is not bound to a tenant, by reason (docs/adr/0027)."""

_ASKS = re.compile(r"\btenant = (?::tenant|\w+\.tenant)\b")


def statements() -> Iterator[tuple[str, str, list[str]]]:
    """(place, text, tables of tenants that it names) of every statement at the head of a module, as it is run."""
    ours = set(OWNERS) - set(WITHOUT)
    for room in ("console", "directory", "quarantine", "storage"):
        for path in sorted((rooms.ROOT / room).rglob("*.py")):
            module = importlib.import_module(".".join(path.relative_to(rooms.ROOT).with_suffix("").parts))
            for name, value in vars(module).items():
                for text in value.values() if isinstance(value, dict) else (value,):
                    if isinstance(text, str) and (STATEMENT.match(text) or "(SELECT " in text):
                        tables = [table for table in TABLE.findall(text) if table in ours]
                        yield f"{rooms.inside(path)}:{name}", text, tables


def test_every_statement_asks_for_the_tenant_or_has_a_reason() -> None:
    """One condition for each table that it names: a join is tied by the tenant, too."""
    silent = set()
    for place, text, tables in statements():
        if text.startswith("INSERT"):
            asks = "tenant" in text.partition("VALUES")[0]
        else:
            asks = len(_ASKS.findall(text)) >= len(tables)
        if tables and not asks:
            silent.add(place)
    assert silent == set(SYSTEM)


def test_these_alone_are_marked_as_such_to_the_database() -> None:
    """An unmarked one is run in the name of the tenant that it names, or of nobody (storage/border.py)."""
    marked = {
        place
        for place, text, tables in statements()
        if (tables and "/* of all" in text) or "/* to deliver" in text
    }
    assert marked == set(SYSTEM)


def test_all_tables_are_asked_by_statements_that_are_seen_here() -> None:
    """So that a statement which is made elsewhere, or in another way, does not pass for one that asks."""
    assert {table for _, _, tables in statements() for table in tables} == set(OWNERS) - set(WITHOUT)


def test_every_entry_of_the_journal_says_whose_it_is() -> None:
    """Its tenant is the sixth value; without it, it would be the default one's."""
    silent = [
        f"{rooms.inside(path)}:{call.lineno}"
        for path in rooms.paths()
        for call in ast.walk(rooms.tree(path))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Entry"
        if len(call.args) < 6 and "tenant" not in {keyword.arg for keyword in call.keywords}
    ]
    assert silent == []


def test_every_tenant_at_once_is_asked_for_by_the_system_alone() -> None:
    texts = {rooms.inside(path): path.read_text("utf-8") for path in rooms.paths()}
    found = {
        name for name, text in texts.items() if re.search(r"^from config.tenant import .*EVERY", text, re.M)
    }
    assert found == set(EVERY)
    assert not [name for name, text in texts.items() if re.search(r'tenant(: str)? ?= ?""', text)]


def test_what_is_asked_for_one_tenant_goes_through_a_database_bound_to_it() -> None:
    """Whoever asks one that is not bound has a reason; a reason of nobody is none."""
    known = {place for places in UNBOUND.values() for place in places.split()}
    found = set()
    for path in rooms.paths():
        for function in ast.walk(rooms.tree(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                ours = {
                    ast.unparse(each.targets[0])
                    for each in ast.walk(function)
                    if isinstance(each, ast.Assign)
                    and re.match(r"(bound|self\._database)\(", ast.unparse(each.value))
                }
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                        whom = ast.unparse(call.func.value)
                        if (
                            call.func.attr in ("read", "write")
                            and whom.endswith("database")
                            and whom not in ours
                        ):
                            found.add(f"{rooms.inside(path)}:{function.name}")
    assert found - {"storage/bound.py:write", "storage/bound.py:read"} == known
