"""Functions with known answers in the place of a model."""

from dataclasses import dataclass

import numpy as np

from experiments.sweep.running import Output

A, B = 7.0, 0.1


@dataclass(frozen=True)
class Ishigami:
    """``sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁`` plus luck of a given variance (Ishigami 1990)."""

    luck: float = 0.0
    preload: tuple[str, ...] = ()

    def identity(self):
        return {"luck": self.luck}

    def run(self, parameters, seed, deadline):
        x1, x2, x3 = (parameters[name] for name in ("x1", "x2", "x3"))
        y = np.sin(x1) + A * np.sin(x2) ** 2 + B * x3**4 * np.sin(x1)
        y += np.sqrt(self.luck) * np.random.default_rng(seed).normal()
        return Output({"y": float(y)})


V1 = 0.5 * (1 + B * np.pi**4 / 5) ** 2
V2 = A**2 / 8
V13 = B**2 * np.pi**8 * 8 / 225
V = V1 + V2 + V13
FACTORS = {name: {"from": -np.pi, "to": np.pi} for name in ("x1", "x2", "x3")}


@dataclass(frozen=True)
class Linear:
    """``y = 2a − 3b + 0c`` plus luck of variance 1, and ``z``, a sum of a and b with no luck."""

    preload: tuple[str, ...] = ()

    def identity(self):
        return {"linear": 1}

    def run(self, parameters, seed, deadline):
        a, b = parameters["a"], parameters["b"]
        luck = np.random.default_rng(seed).normal()
        return Output({"y": float(2 * a - 3 * b + luck), "z": float(a + b)})
