"""Designs: at which points of the factors' space runs are made.

Each design is a table of a study file, ``[design]`` (or several, ``[[design]]``, whose points are
joined), with a key ``kind``. Samplers and generators are SciPy's, SALib's and pyDOE's; here they
are only given the factors' names, levels and ranges. What a design draws, it draws by the study's
seed, so the same study has the same points everywhere.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from experiments.study.design_file import read_points, value_of
from experiments.study.design_kinds import KINDS, unknown_kind
from experiments.study.factors import Factor, Levels, Range
from model.errors import InputError, ScenarioError

Point = dict[str, Any]


class Row(NamedTuple):
    """A line of a design."""

    point: Point
    replicate: int | None = None
    """Which replicate alone is wanted; all that the study has if None."""
    origin: str = ""
    """The file and line that it stands on, if it was read from one."""


class Space(NamedTuple):
    """What a design is made in."""

    factors: Mapping[str, Factor]
    base: Point
    """All parameters where nothing varies."""
    seed: int
    folder: Path
    """Where files lie that a design names."""


class _Design(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Grid(_Design):
    """Every combination of the levels, the last factor changing fastest."""

    kind: Literal["grid"] = "grid"

    def rows(self, space: Space) -> list[Row]:
        """The lines of the design."""
        levels = [_levels_of(name, factor) for name, factor in space.factors.items()]
        return _rows(space.factors, itertools.product(*levels))


class Fraction(_Design):
    """A part of the grid in which effects up to some order stay apart.

    ``resolution``: two levels a factor (or a range's ends), regular 2^(k−p) design (Box & Hunter
    1961): at 3 main effects are clear of each other, at 4 of two-way interactions too, at 5 the
    interactions of each other. ``reduction``: any number of levels, about one in so many points of
    the grid, balanced (generalised subset design, Surowiec et al. 2017).
    """

    kind: Literal["fraction"]
    resolution: int | None = Field(None, ge=3, le=7)
    reduction: int | None = Field(None, ge=2)

    def rows(self, space: Space) -> list[Row]:
        """The lines of the design."""
        if (self.resolution is None) == (self.reduction is None):
            raise InputError("a fraction needs either resolution or reduction")
        from experiments.extras import needs

        with needs("pydoe", "analysis"):
            import pydoe

        if self.resolution is not None:
            two = [_two_levels(name, factor) for name, factor in space.factors.items()]
            try:
                signs = pydoe.fracfact_by_res(len(two), self.resolution)
            except ValueError:
                raise InputError(
                    f"{len(two)} factors are too few for resolution {self.resolution}; use a grid"
                ) from None
            chosen = ([pair[int(s > 0)] for pair, s in zip(two, row, strict=True)] for row in signs)
            return _rows(space.factors, chosen)
        levels = [_levels_of(name, factor) for name, factor in space.factors.items()]
        try:
            places = pydoe.gsd([len(values) for values in levels], self.reduction)
        except (ValueError, IndexError):
            raise InputError(f"this grid can't be reduced by {self.reduction}; use less") from None
        return _rows(space.factors, ([values[k] for values, k in zip(levels, row, strict=True)]
                               for row in places))  # fmt: skip


class OneAtATime(_Design):
    """The base point, and each factor varied through its levels with all others at the base.

    It shows no interactions: a first look, not a sensitivity analysis.
    """

    kind: Literal["one_at_a_time"]

    def rows(self, space: Space) -> list[Row]:
        """The lines of the design."""
        centre = {name: space.base[name] for name in space.factors}
        varied = [
            {**centre, name: value}
            for name, factor in space.factors.items()
            for value in _levels_of(name, factor)
        ]
        return [Row(point) for point in (centre, *varied)]


class LatinHypercube(_Design):
    """A Latin hypercube: each factor's range in as many strata as points (McKay et al. 1979)."""

    kind: Literal["latin_hypercube"]
    points: int = Field(ge=2, le=10_000_000)

    def rows(self, space: Space) -> list[Row]:
        """The lines of the design."""
        from scipy.stats import qmc

        return _sampled(
            space.factors,
            qmc.LatinHypercube(len(space.factors), rng=space.seed).random(self.points),
        )


class Sobol(_Design):
    """A scrambled Sobol' sequence (Owen 1998): even coverage; more points extend it."""

    kind: Literal["sobol"]
    points: int = Field(ge=2, le=10_000_000)

    def rows(self, space: Space) -> list[Row]:
        """The lines of the design."""
        from scipy.stats import qmc

        sequence = qmc.Sobol(len(space.factors), rng=space.seed)
        # drawn by powers of two, as the sequence wants it; what is beyond is left out
        sample = sequence.random_base2(math.ceil(math.log2(self.points)))
        return _sampled(space.factors, sample[: self.points])


class Halton(_Design):
    """A scrambled Halton sequence: even coverage for few factors; more points extend it."""

    kind: Literal["halton"]
    points: int = Field(ge=2, le=10_000_000)

    def rows(self, space: Space) -> list[Row]:
        """The lines of the design."""
        from scipy.stats import qmc

        return _sampled(
            space.factors, qmc.Halton(len(space.factors), rng=space.seed).random(self.points)
        )


class Morris(_Design):
    """Trajectories for elementary effects (Morris 1991): screening of many factors."""

    kind: Literal["morris"]
    trajectories: int = Field(ge=2, le=1_000_000)
    levels: int = Field(4, ge=2)

    def rows(self, space: Space) -> list[Row]:
        """The lines of the design."""
        for name, factor in space.factors.items():
            if isinstance(factor, Levels) and len(factor.values) != self.levels:
                raise InputError(
                    f"factors.{name}: a morris design moves factors in equal steps: write a range, "
                    f"or as many levels as the design has ({self.levels})"
                )
        return _sampled(space.factors, self.sample(len(space.factors), space.seed))

    def sample(self, factors: int, seed: int) -> NDArray[np.float64]:
        """The design in the unit cube: (trajectories·(factors + 1), factors)."""
        from experiments.study.problem import problem, salib_seed

        with needs_salib():
            from SALib.sample import morris
        sample: NDArray[np.float64] = morris.sample(
            problem(factors), self.trajectories, num_levels=self.levels, seed=salib_seed(seed)
        )
        return sample


class Saltelli(_Design):
    """Points for Sobol' indices (Saltelli et al. 2010).

    ``noise``: the luck of a run is a factor of its own, drawn anew for each base point; its index
    is what chance explains. Each point then has one run, and ``replicates`` plays no part.
    """

    kind: Literal["saltelli"]
    points: int = Field(ge=2, le=1_000_000)
    second_order: bool = False
    noise: bool = True

    def rows(self, space: Space) -> list[Row]:
        """The lines of the design."""
        sample = self.sample(len(space.factors), space.seed)
        if not self.noise:
            return _sampled(space.factors, sample)
        rows = _sampled(space.factors, sample[:, :-1])
        luck = np.minimum((sample[:, -1] * 2.0**31).astype(np.int64), 2**31 - 1)
        return [Row(row.point, int(k)) for row, k in zip(rows, luck, strict=True)]

    def sample(self, factors: int, seed: int) -> NDArray[np.float64]:
        """The design in the unit cube; the last column is luck, if it is a factor."""
        from experiments.study.problem import problem, salib_seed

        with needs_salib():
            from SALib.sample import sobol
        if self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            raise InputError(
                f"design.points = {self.points}: a power of two is needed, for example {below} or "
                f"{2 * below}"
            )
        sample: NDArray[np.float64] = sobol.sample(
            problem(factors + self.noise), self.points, calc_second_order=self.second_order,
            seed=salib_seed(seed),
        )  # fmt: skip
        return sample


class Table(_Design):
    """Points from a CSV file whose header names the factors."""

    kind: Literal["table"]
    file: str

    def rows(self, space: Space) -> list[Row]:
        """The lines of the design."""
        path = space.folder / self.file
        header, lines = read_points(path)
        rows = []
        for number, cells in lines:
            point = {}
            for name, cell in zip(header, cells, strict=True):
                if not cell.strip():
                    raise ScenarioError(f"{path}: line {number}: {name}: the cell is empty")
                point[name] = value_of(cell)
            rows.append(Row(
                {**{name: space.base[name] for name in space.factors}, **point},
                origin=f"{path}: line {number}",
            ))  # fmt: skip
        return rows


Design = Annotated[
    Grid | Fraction | OneAtATime | LatinHypercube | Sobol | Halton | Morris | Saltelli | Table,
    Field(discriminator="kind"),
]
SAMPLING = ("latin_hypercube", "sobol", "halton", "morris", "saltelli")
"""Kinds whose points are drawn from ranges."""


def design_of(given: Mapping[str, Any]) -> Any:
    """A design from plain data, for example ``{"kind": "sobol", "points": 64}``.

    Raises:
        InputError: saying what is wrong and what is allowed.
    """
    kind = given.get("kind", "grid")
    if kind not in KINDS:
        raise InputError(f"design.kind{unknown_kind(kind)}")
    try:
        return TypeAdapter(Design).validate_python({**given, "kind": kind})
    except ValidationError as error:
        fault = error.errors()[0]
        name = ".".join(str(part) for part in fault["loc"][1:])
        raise InputError(f"design.{name} = {fault['input']!r}: {fault['msg']}") from None


def needs_salib() -> Any:
    """Where SALib is imported: says how to install it if it isn't there."""
    from experiments.extras import needs

    return needs("SALib", "analysis")


def _levels_of(name: str, factor: Factor) -> list[Any]:
    if isinstance(factor, Range) and factor.steps is None:
        raise InputError(
            f"factors.{name}: this design needs levels: write levels = 5 beside from and to, "
            "or a list"
        )
    return factor.all()


def _two_levels(name: str, factor: Factor) -> list[Any]:
    if isinstance(factor, Range):
        return [factor.at(0.0), factor.at(1.0)]
    if len(factor.values) != 2:
        raise InputError(
            f"factors.{name}: a fraction by resolution needs two levels, not {len(factor.values)}; "
            "or use reduction"
        )
    return factor.values


def _rows(factors: Mapping[str, Factor], points: Any) -> list[Row]:
    return [Row(dict(zip(factors, values, strict=True))) for values in points]


def _sampled(factors: Mapping[str, Factor], sample: NDArray[np.float64]) -> list[Row]:
    return _rows(
        factors,
        ([factor.at(u) for factor, u in zip(factors.values(), row, strict=True)]
         for row in sample.tolist()),
    )  # fmt: skip


__all__ = ["Design", "Grid", "Levels", "Morris", "Point", "Row", "Saltelli", "Table"]
