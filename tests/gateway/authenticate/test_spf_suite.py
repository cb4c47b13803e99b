"""The SPF test suite of openspf.org (release 2014.04) for RFC 7208, whole, against a real name server.

tests/vectors/spf holds it unchanged, with its licence; `python -m pytest tests/gateway/authenticate/test_spf_suite.py` runs one
test for each of its cases.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.authenticate import spf
from tests.services.dns import SILENCE, NameServer, Patient, Zone

SUITE = list(
    yaml.load_all((Path(__file__).parents[2] / "vectors/spf/rfc7208-tests.yml").read_text(), yaml.BaseLoader)
)
CASES = [(scenario, name) for scenario in SUITE for name in scenario["tests"]]


def zone_of(data: dict[str, list[Any]]) -> Zone:
    """The suite's table as ours. A record of type SPF is one of type TXT too, unless there are some of those."""
    zone: Zone = {}
    for name, records in data.items():
        kinds = {kind for record in records if isinstance(record, dict) for kind in record}
        for record in records:
            if record == "TIMEOUT":
                zone[name, "ANY"] = SILENCE
                continue
            for kind, value in record.items():
                if kind == "SPF":
                    if "TXT" in kinds:
                        continue
                    kind = "TXT"
                if value == "NONE":
                    continue
                if value == "TIMEOUT":
                    zone[name, kind] = SILENCE
                    continue
                if kind == "MX":
                    text = f"{value[0]} {value[1]}."
                elif kind == "TXT":
                    text = "".join(value) if isinstance(value, list) else value
                elif kind in ("PTR", "CNAME"):
                    text = f"{value.rstrip('.')}."
                else:
                    text = value
                rows = zone.setdefault((name, kind), [])
                assert isinstance(rows, list)
                rows.append(text)
    return zone


@pytest.mark.parametrize(("scenario", "name"), CASES, ids=[name for _, name in CASES])
async def test_case(scenario: dict[str, Any], name: str) -> None:
    case = scenario["tests"][name]
    expected = case["result"] if isinstance(case["result"], list) else [case["result"]]
    async with NameServer(zone_of(scenario["zonedata"])) as server:
        domain = case["mailfrom"].rpartition("@")[2] or case["helo"]
        found = await spf.check(case["host"], domain, case["mailfrom"], case["helo"], Patient(server))
    assert found in expected, case
