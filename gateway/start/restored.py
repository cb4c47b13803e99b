"""Whether a node may start on what is there: not in the middle of a restore, nor on a database that is older than its mail.

Diagnostics: ConfigError, with what to say.
"""

from config.policy import ConfigError
from config.settings import Settings
from gateway.from_settings import database_of
from storage import journal
from storage.backup import noted
from storage.departures import Older, told_in
from storage.interfaces import Database, Transaction


async def ready_database(settings: Settings, node: str) -> Database:
    """The database, where a node may start on it. `node`: this process's name in the journal."""
    database = database_of(settings)
    try:
        await _ready(settings, database, node)
    except BaseException:
        await database.close()
        raise
    return database


async def _ready(settings: Settings, database: Database, node: str) -> None:
    if backup := await database.read(noted.pending):
        raise ConfigError(
            [
                f"the backup {backup} was put back, and the restore has not come to its end; say `sekisho restore --do` again"
            ]
        )
    departures = told_in(settings.backup.departures, settings.node)
    if departures is None:
        return
    chains = [chain for chain in await journal.begun(database) if journal.node_of(chain) == node]

    def check(transaction: Transaction) -> None:
        departures.check(transaction, chains)

    try:
        await database.read(check)
    except Older as error:
        raise ConfigError([str(error)]) from None
