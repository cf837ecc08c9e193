"""Where a sweep stands, from its folder alone; it may be running meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.study.loading import study_of
from experiments.sweep.journal import sessions
from experiments.sweep.locks import held_parts
from experiments.sweep.stored import Stored


def status_of(store: Stored) -> dict[str, Any]:
    """What is finished, what failed, who is at it, and how long it will take.

    Returns:
        ``title``, ``folder``, ``wanted`` and ``finished`` runs, ``others`` that an
        earlier design had, ``failures``, ``damaged`` files,
        and ``writing``: for each process that is at work its ``part``, ``rate`` in runs a second
        and ``left`` seconds (None if it can't be told yet).
    """
    about = store.about
    writing = []
    parts = held_parts(store.folder)
    told = sessions(store.folder)
    latest = {tuple(session["part"]): session for session in told if "part" in session}
    for part in parts:
        if part not in latest:
            continue
        session = latest[part]
        rate = session["finished"] / session["seconds"] if session["seconds"] else 0.0
        done = session.get("before", 0) + session["finished"] + session["failed"]
        left = (session["wanted"] - done) / rate if rate else None
        writing.append({**session, "rate": rate, "left": left})
    damaged = [str(path) for path in store.damaged()]
    study = study_of(about["study"]) if "study" in about else None
    wanted = about.get("wanted", 0)
    finished = store.count()
    others = 0
    if not damaged:
        done = store.finished()
        finished = len(done.points)
        if study is not None and study.designs:
            plan = study.plan(Path(about.get("study_folder") or "."))
            most = study.replication.most if study.replication else study.replicates
            runs = plan.runs(most)
            own = len(runs) - len(plan.missing(runs, done.points, done.replicates))
            others, finished = finished - own, own
    return {
        "title": study.title if study else about.get("title", "sweep"),
        "folder": str(store.folder),
        "wanted": wanted,
        "finished": finished,
        "others": others,
        "failures": [] if damaged else store.failures(),
        "damaged": damaged,
        "writing": writing,
        "sessions": len(told),
    }
