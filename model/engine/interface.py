"""What an engine is: whatever can live a world's periods.

A :class:`model.world.World` holds columns and ties; an engine advances them. There is one in this
package, :class:`model.engine.compiled.CompiledEngine`; Mesa's citizens, stepped in Python by
:class:`model.society.Society`, call the same rules. Another one, for an accelerator, would be
handed to ``World(engine=...)`` and has to keep these promises:

- After ``run`` the world's columns, ties and counts are those after the last of its periods, in
  the memory where they were found or in new arrays in their place; ``world.period`` has advanced.
  In between they may lie wherever the engine likes: nobody looks before ``run`` returns. Many
  periods with ``notes`` are one call, so that a device need not send columns back after each.
- The rules are those of :mod:`model.rules`, draws those of :mod:`model.chance`. Draws depend on
  addresses alone, sums of records are whole numbers, and the rules are additions, multiplications
  and divisions without a mathematical library (:mod:`model.rules.exponential`): neither the order
  in which citizens are dealt with nor the machine shows, and an engine is bit-identical if it
  fuses no multiplication with an addition. It has to be: a study's runs may be divided among
  machines, and a checkpoint may be resumed on another.
- Ties are settled in the order of :func:`model.engine.settling.settle_from`, after everybody has
  decided on the record of the period.
- Before each period ``world.begin_period()`` puts in force what a program or an authority changes,
  after each ``world.end_period()`` lets it answer, unless ``world.uneventful``.

``tests/test_interface.py`` is what every engine has to pass. What it would take to put a nation on
one device is reckoned in ``model/engine/README.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from model.tally import Notes
    from model.world import World


class Engine(Protocol):
    """Advances worlds; see the promises above."""

    def run(self, world: World, periods: int, notes: Notes | None = None) -> None:
        """Advance ``world`` by ``periods`` ≥ 0.

        Args:
            world: to be advanced.
            periods: by how much.
            notes: room for so many periods, filled in if given.

        Raises:
            InputError: if a researcher's own rule can't be compiled, or gives what is no score.
        """

    def needs_compilation(self, world: World) -> bool:
        """Whether the next period of such a world has to wait for a compiler."""
