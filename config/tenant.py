"""Tenants: whose mail, people and lists something is. A tenant is a name; one node serves several (OPS-TENANT)."""

import re

DEFAULT = "default"
"""The tenant of an installation that serves one organisation, and of all that was stored before there were others."""

EVERY = ""
"""In a question: of all tenants. For the system's own work, never for what a person sees (tests/test_tenants.py)."""

ANY = "*"
"""Of a listener: whoever's mail it is."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)


def valid(name: str) -> bool:
    """True for what may name a tenant: small letters, digits and hyphens, as in a label of a host name."""
    return _NAME.fullmatch(name) is not None
