"""The same in every run: the examples (`./dev search` is the random search), and what a busy machine makes of time."""

import gc
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

from filters.markup import dom
from tests.services.loop import Loop

ROOT = Path(__file__).parent
LOGGER = type(structlog.get_logger())
settings.register_profile(
    "same", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # fmt: skip
settings.register_profile("search", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("SEKISHO_EXAMPLES", "same"))


def pytest_asyncio_loop_factories() -> dict[str, type[Loop]]:
    return {"unhurried": Loop}


LONGEST = (
    "crash/test_kill.py", "patterns/test_patterns.py", "cluster/test_two_nodes.py", "crash/test_restore.py",
    "crash/test_processes.py", "gateway/command/test_replay.py", "crash/test_clock.py", "laws/test_rehearsal.py",
    "bench/test_guard.py", "gateway/test_outbound.py", "browser/test_console.py", "crash/test_errors.py",
    "gateway/web/test_supervisor.py", "crash/test_second_start.py", "gateway/test_inbound.py",
    "storage/test_order.py", "console/test_tenants.py", "interop/test_never_stuck.py", "crash/test_recall.py",
    "filters/test_repeats.py", "gateway/test_app.py", "test_dev.py", "crash/test_cluster.py",
    "gateway/command/test_systemd.py", "gateway/tenants/test_shared_door.py", "crash/test_stop.py",
    "test_extending.py",
)  # fmt: skip
"""Files that take a minute and more on a busy machine, the longest first."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where files are dealt out to processes, the longest come first: none is left alone with one when all else is over."""
    if hasattr(config, "workerinput"):
        places = {ROOT / name: place for place, name in enumerate(LONGEST)}
        items.sort(key=lambda item: places.get(item.path, len(places)))


def pytest_collection_finish() -> None:
    """The tests themselves, and what they import, are no garbage: nobody looks at them again whenever some is collected."""
    gc.collect()
    gc.freeze()


_modules: list[object] = []
_logs: list[object] = []


def _loggers() -> list[object]:
    """Those of all modules; they are looked through again when there are others: not for each of thousands of tests."""
    if (modules := list(sys.modules.values())) != _modules:
        _modules[:] = modules
        _logs[:] = [log for module in modules if isinstance(log := vars(module).get("log"), LOGGER)]
    return _logs


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """What a test makes of the log goes with it: another one reads what is written without it."""
    configured, kept = structlog.is_configured(), structlog.get_config()
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    if configured:
        structlog.configure(**kept)
    elif structlog.is_configured():
        structlog.reset_defaults()
    for logger in _loggers():
        vars(logger).pop("bind", None)  # what it wrote to in that test is kept on its first use
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.fixture(autouse=True)
def nobody_watches() -> Iterator[None]:
    """Whoever reads costly pages in this process, as a worker may, leaves none to the tests behind: those read what they would
    read alone."""
    yield
    dom.guard(None)
