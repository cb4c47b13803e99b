"""The same in every run: the examples (`./dev search` is the random search), and what a busy machine makes of time."""

import os

from hypothesis import HealthCheck, settings

from tests.services.loop import Loop

settings.register_profile(
    "same", derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)  # fmt: skip
settings.register_profile("search", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("SEKISHO_EXAMPLES", "same"))


def pytest_asyncio_loop_factories() -> dict[str, type[Loop]]:
    return {"unhurried": Loop}
