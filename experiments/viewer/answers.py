"""Answers to questions that leave the societies as they are: looking, finding, taking home."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.viewer import messages as ask
from experiments.viewer.frames import packed
from model.errors import InputError

if TYPE_CHECKING:
    from experiments.viewer.session import Session

_MOST_FOUND = 20


async def story(session: Session, operation: ask.Story) -> None:
    """Tell of a citizen."""
    watched = session.watched(operation.world)
    if operation.citizen >= watched.world.citizens:
        raise InputError(f"citizen {operation.citizen} doesn't exist")
    async with session.turn:
        told = await session.off(partial(watched.story, operation.citizen))
    await session.talk.say("story", world=operation.world, **told)


async def find(session: Session, operation: ask.Find) -> None:
    """Who is called so, or has it in their name."""
    wanted = operation.text.strip().casefold()
    labels = session.societies[0].world.labels
    found = [(label.casefold() != wanted, i) for i, label in enumerate(labels)
             if wanted and wanted in label.casefold()]  # fmt: skip
    best = [i for _, i in sorted(found)[:_MOST_FOUND]]
    await session.talk.say("found", text=operation.text,
                      citizens=[[i, labels[i]] for i in best], many=len(found))  # fmt: skip


async def export(session: Session, operation: ask.Export) -> None:
    """A file of the run, or of its scenario and the real network that it lives on."""
    from experiments.viewer import written

    watched = session.watched(operation.world)
    if (operation.what == "scenario") != (operation.form == "toml"):
        raise InputError(f"{operation.what} is not written as {operation.form}")
    if operation.what == "scenario":
        files = await session.off(lambda: written.scenario_files(watched.scenario, session.network))
        await session.talk.say("files", files=files)
        return

    def make() -> bytes:
        return written.table_bytes(written.table_of(watched, operation.what), operation.form)

    async with session.turn:
        data = await session.off(make)
    name = f"{operation.what}.{operation.form}"
    await session.talk.send(packed({"kind": "file", "name": name},
                              {"data": np.frombuffer(data, np.uint8)}))  # fmt: skip


async def study(session: Session, operation: ask.Study) -> None:
    """The files of a sweep that goes on from here."""
    from experiments.viewer import written

    watched = session.watched(operation.world)
    if operation.end <= operation.begin:
        raise InputError("a range needs an end above its beginning")
    levels = written.levels_of(operation.parameter, operation.begin, operation.end,
                               operation.levels)  # fmt: skip
    async with session.turn:
        files = await session.off(lambda: written.study_files(
            watched.scenario, session.network, watched.period or 200, operation.parameter, levels,
            operation.replicates,
        ))  # fmt: skip
    await session.talk.say("files", files=files, study=True)
