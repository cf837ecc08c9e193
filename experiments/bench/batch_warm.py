"""Imported once by the server that workers come from: Mesa and the society of the benchmark."""

from experiments.bench import batch

batch.Collected  # noqa: B018  (made, and with it all that it imports)
