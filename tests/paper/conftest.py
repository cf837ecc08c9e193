"""Committed results, copied where they may be spoilt."""

import shutil
from pathlib import Path

import pytest

RESULTS = Path(__file__).parents[2] / "results"


@pytest.fixture
def spoilt(tmp_path):
    """A copy of the committed results of one small study, and of the README above them."""
    out = tmp_path / "results"
    shutil.copytree(RESULTS / "hammer", out / "hammer")
    return out
