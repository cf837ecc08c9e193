"""Numba compilation with a cache that notices every edit.

Numba's own cache looks only at the file of the outermost function: after an edit of a rule in
another file it goes on with the old code, in silence. Here the cache folder's name is a digest of
the sources of the whole package, of the versions that compile them, and (for a researcher's own
rule) of that rule and all that it refers to. An edit therefore takes effect at once, and an old
folder is never read again. Folders that nobody used for a month are deleted.

Machine code lies in the user's cache folder (``SCORED_CACHE_DIR`` overrides it). Where that cannot
be written nothing is cached, and every start compiles anew.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numba
import numpy as np
import platformdirs
from numba.core.cpu import CPUTargetOptions

# an option of Numba's that its manual doesn't name
_CAN_SPARE_COUNTING = hasattr(CPUTargetOptions, "_nrt")
_UNUSED_FOR = 30 * 24 * 3600.0


def compiled(
    function: Callable[..., Any] | None = None, *, allocates: bool = True, also: str = ""
) -> Any:
    """Compile a function on its first call, or load it from the cache.

    Args:
        function: what to compile; its rules are inlined. It lets go of Python's lock.
        allocates: whether it makes arrays. In one that makes none, Numba need not count who uses
            an array; where rules pass whole records, that counting takes a fifth of a period.
        also: fingerprint of code outside this package that the function calls.
    """
    if function is None:
        return lambda function: compiled(function, allocates=allocates, also=also)
    folder = cache_folder(also)
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder or "")
    counting: Any = {} if allocates or not _CAN_SPARE_COUNTING else {"_nrt": False}
    try:
        return numba.njit(
            function, cache=folder is not None, error_model="numpy", nogil=True, **counting
        )
    finally:
        settings.CACHE_DIR = before


def is_cached(function: Any) -> bool:
    """Whether a compiled function's machine code lies in the cache already."""
    path = Path(function.stats.cache_path) if function.stats.cache_path else None
    name = function.py_func.__qualname__.replace("<", "").replace(">", "")
    return path is not None and any(path.glob(f"*{name}-*.nbi"))


def package_digest() -> str:
    """Digest of every Python source of this package: the version of the science and engine."""
    global _digest
    if _digest is None:
        digest = hashlib.sha256()
        root = Path(__file__).parent
        for path in sorted(root.rglob("*.py")):
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
        _digest = digest.hexdigest()
    return _digest


_digest: str | None = None


def cache_folder(also: str = "") -> Path | None:
    """The folder for this exact state of the sources, or None if it cannot be written."""
    key = "\0".join((package_digest(), also, numba.__version__, np.__version__, sys.version))
    root = Path(os.environ.get("SCORED_CACHE_DIR") or platformdirs.user_cache_dir("scored-society"))
    folder = root / hashlib.sha256(key.encode()).hexdigest()[:20]
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        if not os.access(folder, os.W_OK):
            return None
        if is_new:
            _delete_unused(root)
    except OSError:
        return None
    return folder


def _delete_unused(root: Path) -> None:
    for folder in root.iterdir():
        if folder.is_dir() and time.time() - folder.stat().st_mtime > _UNUSED_FOR:
            shutil.rmtree(folder, ignore_errors=True)


def fingerprint(function: Callable[..., Any]) -> str:
    """Digest of a function and of all functions and constants that it refers to, however deep.

    It changes when the function, a helper in any file, or a global constant changes.
    """
    digest = hashlib.sha256()
    _absorb(function, digest, set())
    return digest.hexdigest()


def _absorb(value: object, digest: Any, seen: set[int]) -> None:
    value = getattr(value, "py_func", value)  # a Numba dispatcher stands for its function
    if isinstance(value, FunctionType | CodeType | ModuleType | tuple | list | dict):
        if id(value) in seen:
            return
        seen.add(id(value))
    if isinstance(value, FunctionType):
        _absorb(value.__code__, digest, seen)
        _absorb(value.__defaults__, digest, seen)
        for cell in value.__closure__ or ():
            _absorb(cell.cell_contents, digest, seen)
        for name in names_in(value.__code__):
            if name in value.__globals__:
                digest.update(name.encode())
                _absorb(value.__globals__[name], digest, seen)
    elif isinstance(value, CodeType):
        digest.update(value.co_code)
        digest.update(repr(value.co_names).encode())
        for constant in value.co_consts:
            _absorb(constant, digest, seen)
    elif isinstance(value, ModuleType):
        digest.update(value.__name__.encode())
        # constants and functions reached as attributes of a module of the user's own
        if getattr(value, "__file__", None) and "site-packages" not in str(value.__file__):
            source = Path(str(value.__file__))
            if source.suffix == ".py" and source.is_file():
                digest.update(source.read_bytes())
    elif isinstance(value, np.ndarray):  # its repr leaves out the middle
        digest.update(f"{value.dtype}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, tuple | list | dict):
        digest.update(f"{type(value).__name__}{len(value)}".encode())
        for entry in (*value, *value.values()) if isinstance(value, dict) else value:
            _absorb(entry, digest, seen)
    else:
        digest.update(f"{value!r}\0".encode())


def names_in(code: CodeType) -> set[str]:
    """The global names and attributes that a piece of code uses, inner functions included."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= names_in(constant)
    return names
