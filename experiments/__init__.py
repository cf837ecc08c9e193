"""Experiments with the model: runs, twin comparisons, sweeps, figures, benchmarks, the command."""
