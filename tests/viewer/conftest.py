"""One server for all tests that leave its limits alone."""

from __future__ import annotations

import pytest
from pages import CHROMIUM, FLAGS, visiting
from visitor import Client, serving


@pytest.fixture(scope="session")
def port():
    """The port of a server with default limits."""
    with serving() as (number, _):
        yield number


@pytest.fixture
def client(port):
    with Client(port) as one:
        yield one


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.fail("no chromium here: make test-browser installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield one
        one.close()


@pytest.fixture(scope="module")
def address():
    with serving() as (port, _):
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def page(browser, address):
    with visiting(browser, address + "#scenario=guilt_by_association&set.citizens=300") as one:
        yield one
