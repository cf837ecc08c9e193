"""What is only needed by some: installed by name, and asked for by name where it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from model.errors import InputError


@contextmanager
def needs(package: str, extra: str) -> Iterator[None]:
    """Around the import of an optional package.

    Raises:
        InputError: saying how to install it, if it isn't there.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0].lower() != package.lower():
            raise
        raise InputError(
            f"this needs {package}: pip install 'scored-society[{extra}]' "
            f"(in a clone: .venv/bin/pip install -e '.[{extra}]')"
        ) from None
