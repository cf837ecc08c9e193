"""How a run of anybody's Mesa model is made, so that other modellers can use the runner alone."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.sweep.running import Deadline, Output
from model.compilation import fingerprint
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
        return {
            "model": name_of(self.model), "source": source_digest(self.model),
            "until": self.until, "measures": list(self.measures), "series": self.series,
            "extract": None if self.extract is None else fingerprint(self.extract)[:16],
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
            f"{name_of(self.model)} takes neither rng nor seed: its runs could not be repeated"
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
                f"{name_of(self.model)} has no data collector with model reporters; name "
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


def name_of(model: Any) -> str:
    """A class's or a function's name with its module; what it prints as for others."""
    name = getattr(model, "__qualname__", None)
    return f"{model.__module__}.{name}" if name else repr(model)


def source_digest(model: Any) -> str:
    """A digest of the code that a model is: its module, or all modules of its package.

    Of a class without a file (made in a notebook or on standard input) its methods' code.
    """
    module = inspect.getmodule(model)
    file = getattr(module, "__file__", None)
    digest = hashlib.sha256()
    if file and Path(file).is_file():
        path = Path(file)
        package = getattr(module, "__package__", "")
        for source in sorted(path.parent.glob("*.py")) if package else [path]:
            digest.update(source.name.encode())
            digest.update(source.read_bytes())
    elif isinstance(model, type):
        for name, value in sorted(vars(model).items()):
            if inspect.isfunction(value):
                digest.update(f"{name} {fingerprint(value)}".encode())
    else:
        digest.update(fingerprint(model).encode() if inspect.isfunction(model) else b"")
    return digest.hexdigest()[:16]
