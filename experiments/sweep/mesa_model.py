"""How a run of anybody's Mesa model is made, so that other modellers can use the runner alone."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments.sweep.running import Deadline, Output
from model.errors import InputError


@dataclass(frozen=True)
class MesaRun:
    """A :class:`experiments.sweep.running.RunConfiguration` for any ``mesa.Model`` subclass.

    Attributes:
        model: the class. Its parameters are those of the scenarios; it must take ``rng`` or
            ``seed``, or else no run could be repeated.
        until: stop after so many steps, or when ``model.running`` is false.
        measures: attributes of the model to keep at the end. By default the last value of each
            model reporter of its data collector.
        series: keep every step's model reporters too.
        extract: in place of all that: a function from the model to a flat dictionary.
        fixed: parameters that are the same for all runs.

    >>> from mesa.examples.basic.boltzmann_wealth_model.model import BoltzmannWealth
    >>> MesaRun(BoltzmannWealth, until=10).run({"n": 20}, 1, Deadline()).values["Gini"] > 0
    True
    """

    model: Callable[..., Any]
    until: int = 100
    measures: Sequence[str] = ()
    series: bool = False
    extract: Callable[[Any], Mapping[str, Any]] | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)
    preload: tuple[str, ...] = ("mesa",)

    def identity(self) -> dict[str, Any]:
        """The class by name and by its module's source, and what is measured of it."""
        source = inspect.getsource(inspect.getmodule(self.model) or self.model)
        return {
            "model": f"{self.model.__module__}.{self.model.__qualname__}",
            "source": hashlib.sha256(source.encode()).hexdigest()[:16],
            "until": self.until, "measures": list(self.measures), "series": self.series,
            "extract": getattr(self.extract, "__qualname__", None),
            "fixed": {name: repr(value) for name, value in self.fixed.items()},
        }  # fmt: skip

    def run(self, parameters: Mapping[str, Any], seed: int, deadline: Deadline) -> Output:
        """Make the model, step it, take what is asked for."""
        import mesa

        model = self.model(**{**self.fixed, **parameters, self._seed_name(): seed})
        try:
            steps = 0
            while steps < self.until and getattr(model, "running", True):
                model.step()
                steps += 1
                deadline.check()
            return self._output(model)
        finally:  # Mesa before 3.5 keeps every model there for ever
            ids = getattr(mesa.Agent, "_ids", None)
            if isinstance(ids, dict):
                ids.pop(model, None)

    def _seed_name(self) -> str:
        taken = inspect.signature(self.model).parameters
        for name in ("rng", "seed"):
            if name in taken:
                return name
        if any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken.values()):
            return "rng"
        raise InputError(
            f"{self.model.__qualname__} takes neither rng nor seed: its runs could not be repeated"
        )

    def _output(self, model: Any) -> Output:
        if self.extract is not None:
            return Output({name: plain_value(value) for name, value in self.extract(model).items()})
        if self.measures:
            values = {name: plain_value(getattr(model, name)) for name in self.measures}
            return Output(values)
        collector = getattr(model, "datacollector", None)
        if collector is None or not collector.model_vars:
            raise InputError(
                f"{self.model.__qualname__} has no data collector with model reporters; name "
                "measures, or give extract"
            )
        columns = {
            name: [plain_value(value) for value in values]
            for name, values in collector.model_vars.items()
        }
        last = {name: values[-1] for name, values in columns.items()}
        series = None
        if self.series:
            length = min(map(len, columns.values()))
            series = {"period": list(range(length)),
                      **{name: values[:length] for name, values in columns.items()}}  # fmt: skip
        return Output(last, series)


def plain_value(value: Any) -> Any:
    """A value that a table can hold.

    Raises:
        TypeError: for anything but a number, text, a truth value or nothing.
    """
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{value!r} is no number or text: a table can't hold it; use extract")
