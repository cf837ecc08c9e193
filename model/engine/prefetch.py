"""A hint to the processor that friends' public records will be read soon.

A society of a million is larger than the caches, and what a citizen computes is too long for the
processor to look ahead to the next citizen's friends by itself. Asking for the records of a
citizen a few places ahead halves the time of a period there. A hint changes no result.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from model.rules.marker import rule

_AHEAD = 8


@intrinsic
def _prefetch(_context: Any, array: Any, index: Any) -> Any:
    """Ask for the cache line of row ``index`` of a two-column array of 4-byte values."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        values = context.make_array(signature.args[0])(context, builder, arguments[0])
        pair = builder.shl(arguments[1], ir.Constant(arguments[1].type, 1))
        address = builder.bitcast(builder.gep(values.data, [pair]), ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        hint = builder.module.declare_intrinsic(
            "llvm.prefetch",
            [address.type],
            ir.FunctionType(ir.VoidType(), [address.type, word, word, word]),
        )
        # read; keep in all caches; data
        builder.call(hint, [address, *(ir.Constant(word, value) for value in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(array, index), generate


@rule
def expect(i, ties, present):
    """Ask for the records that the citizen a few places after ``i`` will look at."""
    ahead = i + _AHEAD
    if ahead < len(ties.degree):
        start = int(ties.start[ahead])
        for slot in range(np.uint64(start), np.uint64(start + int(ties.degree[ahead]))):
            _prefetch(present.word, np.int64(ties.friend[slot]))  # type: ignore[call-arg]
