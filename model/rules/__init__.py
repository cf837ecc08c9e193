"""The science: one social process a file, each rule a scalar pure function.

A rule gets numbers (a citizen, a glance, an institution, a uniform draw) and returns a number. It
knows no generator, graph, agent or clock. The marker ``register_jitable`` leaves it plain Python,
which the Mesa agents call and a debugger steps through, and lets the compiled engine inline the
very same source. Change a rule and both engines change at once.
"""
