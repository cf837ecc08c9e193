"""The marker that makes a plain Python function usable in compiled loops as well."""

from numba.extending import register_jitable

rule = register_jitable(forceinline=True)
"""Mark a scalar pure function as a rule.

In Python it stays the very function that it was, to be called, stepped through and covered by
tests; in compiled code it is inlined by force, since it passes whole records by value.
"""
