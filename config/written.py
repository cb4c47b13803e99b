"""A policy as it is written: the texts of its files, which are kept, compared and read again."""

from collections.abc import Sequence

import msgspec

from config.policy import Policy
from config.problems import Source


class Written(msgspec.Struct, frozen=True):
    """The site's own file, the presets below it by name, and the name of the whole (Policy.version)."""

    text: str
    presets: dict[str, str]
    policy: str


def written(policy: Policy, sources: Sequence[Source]) -> Written:
    """What `config.load.read_policy` read: the policy, and its files with the site's own first."""
    own, *presets = sources
    return Written(own.text, {each.name: each.text for each in presets}, policy.version)
