"""The same examples in every run: a test that fails fails everywhere. `./dev search` is the random search."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "same", derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)  # fmt: skip
settings.register_profile("search", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("SEKISHO_EXAMPLES", "same"))
