"""All files of a configuration, read together: what `check-config` says and what a start refuses is the same.

settings    sekisho.toml and the environment
policy      the site's policy file, over its presets and the shipped one
people      the people file
materials   certificates, keys, passwords, hosts
"""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from config.load import read_policy
from config.policies import TenantPolicies
from config.policy import ConfigError, Policy
from config.problems import Source, in_order
from config.settings import Settings
from config.settings_file import read_settings
from config.tenant import DEFAULT
from config.written import written
from directory.people_file import PeopleEntry, read_all_people, read_people
from filters import ruleset
from gateway.start import materials, never, never_tenants, never_upstreams
from gateway.start.never import Problem
from gateway.start.never_cases import doubts_of_delay, doubts_of_groups

_ABOUT_ROLES = re.compile(r": (?:roles|head_of|department|disabled|tenant): |: no such key")
"""Mistakes after which nobody can say who lacks a role."""


class Configuration:
    """What could be read, and what is wrong.

    of_settings, of_policy, of_people   problems of each file and of what it names
    policy, policies                    the house's, and that of every tenant
    written                             by tenant, the policy as its files write it; none without a file
    together                            problems of people and policy as a whole
    mistakes                            by tenant: those of its policy, and of its people and policy as a whole
    doubts                              what works for most, or may work later: no reason not to start
    """

    def __init__(self, path: Path | None, policy: Source | None = None, tenant: str = DEFAULT) -> None:
        """Reads everything; blocks, up to a few seconds when the DNS is silent. `policy`: what stands in the place of
        the policy's file, the house's or this tenant's."""
        settings, self.of_settings, source = read_settings(path)
        self._source = source
        self.settings: Settings = settings
        self.of_policy: list[str] = []
        self.of_people: list[str] = []
        self.together: list[str] = []
        self.mistakes: defaultdict[str, list[str]] = defaultdict(list)
        self.doubts: list[str] = []
        self.policy = self._read_policy(source, policy if tenant == DEFAULT else None)
        self.policies = TenantPolicies(self.policy, self._read_own_policies({tenant: policy}))
        self.people, listed = self._read_people(source)
        self._look_at_tenants(source)
        self._read_own_people()
        if source.whole:
            self._look_at_settings(source)
        if listed is not None:
            self._look_at_people(listed)

    @property
    def problems(self) -> list[str]:
        """All of them, those of one file together."""
        return in_order([*self.of_settings, *self.of_policy, *self.of_people, *self.together])

    def sound(self) -> "Configuration":
        """Itself. Raises ConfigError when something is wrong."""
        if self.problems:
            raise ConfigError(self.problems)
        return self

    def ports(self) -> list[str]:
        """Ports that a start could not have now."""
        return _located(self._source, materials.of_ports(self.settings))

    def policies_alone(self) -> TenantPolicies:
        """The policies. Raises ConfigError when something is wrong with one of them, whatever else is."""
        if self.of_policy:
            raise ConfigError(self.of_policy)
        return self.policies

    def _wrong(self, tenant: str, kind: list[str], problems: Sequence[str]) -> None:
        """Note what is wrong with a tenant's policy, or with it and the tenant's people."""
        kind += problems
        self.mistakes[tenant] += problems

    def _read_policy(self, source: Source, own: Source | None) -> Policy:
        settings, path = self.settings, self.settings.policy
        if path is not None and not path.is_file():
            path = None  # said of the setting that names it
        policy, problems, self._sources = read_policy(
            path, settings.presets, demo=path is None, check=ruleset.problems, own=own
        )
        self.written = {DEFAULT: written(policy, self._sources)} if path is not None else {}
        presets = [problem for problem in problems if problem.startswith("presets: ")]
        self.of_settings += [source.located(problem) for problem in presets]
        self._wrong(DEFAULT, self.of_policy, [problem for problem in problems if problem not in presets])
        if settings.policy is None and not policy.organisation.domains and source.whole:
            self.of_settings.append(
                source.located(
                    "policy: names no file; our own domains have no default (organisation.domains)"
                )
            )
        return policy

    def _read_own_policies(self, instead: Mapping[str, Source | None]) -> dict[str, Policy]:
        found = {}
        for tenant, own in self.settings.tenants.items():
            if not own.policy.is_file():
                continue  # said of the setting that names it
            policy, problems, sources = read_policy(
                own.policy, own.presets, check=ruleset.problems, own=instead.get(tenant)
            )
            self._wrong(tenant, self.of_policy, problems)
            self.written[tenant] = written(policy, sources)
            found[tenant] = policy
        return found

    def _look_at_tenants(self, source: Source) -> None:
        """What keeps tenants apart: domains are one tenant's, and whoever is named has a table."""
        found = never_tenants.of_tenants(self.settings, self.policies, self.people)
        self.of_settings += _located(source, found)

    def _read_people(self, source: Source) -> tuple[list[PeopleEntry], Source | None]:
        path = self.settings.people
        if path is None or not path.is_file():
            return [], None
        people, self.of_people, listed = read_people(path)
        return people, listed if listed.whole else None

    def _read_own_people(self) -> None:
        """Those of tenants with a file of their own: what is wrong in it, and with it."""
        today = datetime.datetime.now(ZoneInfo(self.settings.console.timezone)).date()
        for tenant, policy in self.policies.own.items():
            path, there = self.settings.tenants[tenant].people, self.people
            if path is not None and path.is_file():
                there, problems = read_all_people({tenant: path})
                self.of_people += problems
                self.of_people += [f"{path}: {told}" for _, told in never.of_people(there, self.policies)]
            theirs = [entry for entry in there if entry.tenant == tenant]
            found = never.of_approvals(theirs, policy, today.isoformat())
            told_of = [f"{path or self.settings.people}: {told}" for _, told in found]
            self._wrong(tenant, self.together, told_of)

    @property
    def _of_the_house(self) -> list[PeopleEntry]:
        """Those who come under the house's policy."""
        return [entry for entry in self.people if entry.tenant not in self.policies.own]

    def _knows_domains(self) -> bool:
        """False when it is told already that they are missing or wrong."""
        return bool(self.policy.organisation.domains) and not any("domains: " in p for p in self.of_policy)

    def _look_at_settings(self, source: Source) -> None:
        settings = self.settings
        unknown, unsure = materials.of_hosts(settings)
        found = [
            *never.of_settings(settings),
            *never_upstreams.of_upstreams(settings),
            *materials.of_files(settings),
            *unknown,
        ]
        if self._knows_domains():
            found += never.of_domains(settings, self.policy.organisation)
            found += never_upstreams.of_originators(settings, self.policy.organisation)
        found += never_upstreams.of_stand_ins(settings, self.people)
        if not self.of_policy:
            found += never.of_retention(settings, self.policy.organisation)
        self.of_settings = in_order([*self.of_settings, *_located(source, found)])
        self.doubts += _located(source, [*unsure, *never.doubts_of_hops(settings)], "note: ")

    def _look_at_people(self, listed: Source) -> None:
        if self._knows_domains():
            elsewhere = _located(listed, never.of_people(self.people, self.policies))
            self.of_people = in_order([*self.of_people, *elsewhere])
        if not self.of_policy and not any(_ABOUT_ROLES.search(problem) for problem in self.of_people):
            today = datetime.datetime.now(ZoneInfo(self.settings.console.timezone)).date()
            found = never.of_approvals(self._of_the_house, self.policy, today.isoformat())
            lacking = [self._of_both(listed, key, sentence) for key, sentence in found]
            self._wrong(DEFAULT, self.together, lacking)
            if not lacking:  # who is missing for everybody is missing for each
                doubts = never.doubts(self._of_the_house, self.policy, today.isoformat())
                self.doubts += _located(listed, doubts, "note: ")
            self.doubts += self._doubts_of_groups(today)

    def _of_both(self, listed: Source, key: str, sentence: str) -> str:
        """Located where it is mended: in the policy's own file if the key stands there, else in the people file."""
        own = self._sources[0] if self._sources else Source("policy.toml", "")
        if own.place(key)[1] == len(key.split(".")):
            return own.at(key, sentence)
        return listed.at(key if key.startswith("person") else "person", sentence)

    def _doubts_of_groups(self, today: datetime.date) -> list[str]:
        found = [
            *doubts_of_groups(self._of_the_house, self.policy, today),
            *doubts_of_delay(self.settings.presets, self.policy),
        ]
        own, *below = self._sources or (Source("policy.toml", ""),)
        return [own.at(each.partition(":")[0], f"note: {each}", *below) for each in found]


def _located(source: Source, problems: Iterable[Problem], before: str = "") -> list[str]:
    return [source.at(key, before + sentence) for key, sentence in problems]
