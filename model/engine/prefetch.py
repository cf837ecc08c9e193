"""To ask memory for an entry that will be read soon, without waiting for it."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic


@intrinsic
def _bring_near(_context: Any, array: Any, index: Any) -> Any:
    if not isinstance(array, types.Array) or not isinstance(index, types.Integer):
        return None

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        there = context.make_array(array)(context, builder, arguments[0])
        entry = builder.gep(there.data, [arguments[1]])
        byte = ir.IntType(8).as_pointer()
        number = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        reading, in_all_caches, data = (number(k) for k in (0, 3, 1))
        builder.call(prefetch, [builder.bitcast(entry, byte), reading, in_all_caches, data])
        return context.get_dummy_value()

    return types.void(array, index), generate


bring_near: Any = _bring_near  # Numba's intrinsics carry one argument more than callers give
"""``bring_near(array, index)`` asks for ``array[index]`` to be brought into the caches.

In compiled code only. An index outside of the array does no harm: nothing is read, and a processor
drops an address that it cannot translate.
"""
