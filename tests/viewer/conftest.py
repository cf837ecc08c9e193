"""One server for all tests that leave its limits alone."""

from __future__ import annotations

import pytest
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
