"""One browser for all tests here, which start it no faster than a page takes; each opens profiles of its own.

The modules say themselves that their tests are on the loop on which it is: marked later, each would have a loop and a browser of
its own.

Needs chromium (a Debian package). Without it the tests are skipped, unless SEKISHO_TEST_REQUIRE=1.
"""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.pictures import CHROMIUM


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if not os.path.exists(CHROMIUM) and os.environ.get("SEKISHO_TEST_REQUIRE") != "1":
        pytest.skip("chromium is not installed")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-extensions"]
        )
        yield found
        await found.close()
