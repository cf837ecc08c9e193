"""Shared pieces of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

FACEBOOK = Path(__file__).parents[2] / "shared" / "data" / "ego_facebook.csv.gz"


@pytest.fixture(scope="session")
def facebook() -> Path:
    """The SNAP ego-Facebook friendship network, which is not part of the repository."""
    if not FACEBOOK.is_file():
        pytest.skip(f"the real network is not at {FACEBOOK}: see README, 'Real networks'")
    return FACEBOOK
