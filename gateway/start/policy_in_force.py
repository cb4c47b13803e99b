"""Which policy is in force, the file's or the newest version's (`policy_from`); and whatever is, is kept as a version.

Diagnostics: ConfigError for a policy that is wrong; Damaged for a version that somebody changed in the database;
StoreError.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from config.load import load_policy, read_policy
from config.policy import ConfigError, Policy
from config.problems import Source
from config.settings import Settings
from config.written import Written, written
from filters import ruleset
from quarantine.policies.exceptions import agreed_by
from quarantine.policies.versions import PolicyVersion, Versions
from storage.interfaces import Already

AS_IT_WAS = "the presets or what the program ships changed"
"""Comment of a version whose text is that of the one before."""


class PolicyInForce:
    """What a node examines by. `keeps`: this process writes versions down; of a node's processes one does."""

    def __init__(self, settings: Settings, versions: Versions, *, keeps: bool) -> None:
        self._settings = settings
        self._versions = versions
        self._keeps = keeps
        self.number = 0
        """Of the version that was found last."""

    async def settle(self, load: Callable[[], Policy], file: Written | None) -> Policy:
        """The policy to examine by: what `load` says, or the newest version. `file` is how it is written; what was not
        written in a file is not kept."""
        path, of_versions = self._settings.policy, self._settings.policy_from == "versions"
        latest = await self._versions.latest() if of_versions or file is not None else None
        if of_versions and latest is not None:
            self.number = latest.number
            policy, again = policy_of(latest, self._settings)
            if again.policy != latest.policy:
                await self._keep(again, "program", AS_IT_WAS, policy, latest)
            return policy
        policy = load()
        if file is not None and file.policy == policy.version:
            await self._keep(file, _author(path), path.name if path is not None else "", policy, latest)
        return policy

    async def is_new(self) -> bool:
        """True when there is a newer version than the one that was found last. Raises StoreError."""
        latest = await self._versions.latest()
        return latest is not None and latest.number != self.number

    async def _keep(
        self, file: Written, author: str, comment: str, policy: Policy, latest: PolicyVersion | None
    ) -> None:
        if not self._keeps:
            return
        own = own_word(author, policy, latest, self._settings)
        with suppress(Already):  # another node has read the same file
            noted = {"agreed_by_author": own} if own else {}
            kept, _ = await self._versions.add(file, author, time.time(), comment, noted)
            self.number = kept.number


async def current(settings: Settings, versions: Versions) -> Policy:
    """The policy that a node with these settings examines by, for those who ask beside it. Raises ConfigError,
    StoreError."""
    latest = await versions.latest() if settings.policy_from == "versions" else None
    if latest is not None:
        return policy_of(latest, settings)[0]
    return load_policy(
        settings.policy, settings.presets, demo=settings.policy is None, check=ruleset.problems
    )


def policy_of(version: PolicyVersion, settings: Settings) -> tuple[Policy, Written]:
    """The policy of a version, over the presets of today and what this program ships; and how it is written then.
    Raises ConfigError."""
    own = Source(f"policy version {version.number}", version.text)
    policy, problems, sources = read_policy(
        settings.policy, settings.presets, check=ruleset.problems, own=own
    )
    if problems:
        raise ConfigError(problems)
    return policy, written(policy, sources)


def own_word(author: str, policy: Policy, latest: PolicyVersion | None, settings: Settings) -> list[str]:
    """The exceptions that are new in a policy and to which its author is said to have agreed."""
    before = None
    with suppress(ConfigError):
        before = policy_of(latest, settings)[0] if latest is not None else None
    return agreed_by(author.rpartition(":")[2], policy, before)


def _author(path: Path | None) -> str:
    """The owner of the file: who wrote in it is not known better."""
    try:
        return f"file:{path.owner()}" if path is not None else "file"
    except (OSError, KeyError):
        return "file"
