"""Where it happens: families of networks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from experiments.paper.judging import Judged, mean_and_half, sign
from experiments.paper.study import Tables
from experiments.paper.style import colour, dots, finish
from experiments.paper.text import mean_text

PART, REAL = "network_families", "network_facebook"
FAMILIES = {
    "watts_strogatz": "small world", "erdos_renyi": "random", "stochastic_block": "communities",
    "barabasi_albert": "scale-free", "powerlaw_cluster": "scale-free, clustered",
}  # fmt: skip
RULES = {"no_institution": "none", "conduct_only": "conduct",
         "guilt_by_association": "association"}  # fmt: skip
PANELS = {
    "dissent": "open dissent (share)", "ended": "friendships ended (%)",
    "isolation": "friends: others − dissenters",
}  # fmt: skip

FOUND = """
They do, in size: against the conduct rule alone guilt by association changes dissent by
{effect_watts_strogatz} percentage points on a small world, {effect_erdos_renyi} on a random
graph, {effect_stochastic_block} among communities, {effect_barabasi_albert} on a scale-free
network and {effect_powerlaw_cluster} on a clustered scale-free one (small world less random
graph: {world_less_random}), and leaves {dissent_watts_strogatz}, {dissent_erdos_renyi},
{dissent_stochastic_block}, {dissent_barabasi_albert} and {dissent_powerlaw_cluster} dissenting.
It ends {cut_watts_strogatz}, {cut_erdos_renyi}, {cut_stochastic_block}, {cut_barabasi_albert} and
{cut_powerlaw_cluster} friendships a citizen in 200 periods. What it adds to the conduct rule in
friends that others have more than dissenters is {gap_watts_strogatz}, {gap_erdos_renyi},
{gap_stochastic_block}, {gap_barabasi_albert} and {gap_powerlaw_cluster}. {real}
"""

LIMITS = """
Five generators with mean degree 10 and 2,000 citizens: no weights, no groups of origin, no growth
while people live. On networks with hubs differences of degree between groups are noisy, since a
few citizens have many friends and chance decides who of them dissents. ego-Facebook is one
network: twenty populations on it tell nothing of others like it. It is ten circles of friends of
ten people, put together; luck goes with the number of a person, so that its people are not those
of the others. Where its file is not at hand its stored runs stay as they are and no run of it can
be made again.
"""


def _of(tables: Tables, measure: str, family: str, rule: str) -> NDArray[np.float64]:
    if family == REAL and REAL not in tables:
        return np.full(1, np.nan)
    table = tables[REAL if family == REAL else PART]
    point = {"scenario": rule} | ({} if family == REAL else {"generator": family})
    if measure == "isolation":
        others = table.values("degree_of_others", **point)
        return others - table.values("degree_of_dissenters", **point)
    if measure == "ended":  # of the friendships that there were at first
        return 200.0 * table.values("ties_cut_final", **point) / _first_degree(tables, family)
    return table.values(measure, **point)


def _first_degree(tables: Tables, family: str) -> NDArray[np.float64]:
    """Mean number of friends where none is ever ended: that of the beginning."""
    return _of(tables, "mean_degree", family, "no_institution")


def _isolating(tables: Tables, family: str) -> NDArray[np.float64]:
    """What association adds to the conduct rule in friends that others have more."""
    return _of(tables, "isolation", family, "guilt_by_association") - _of(
        tables, "isolation", family, "conduct_only"
    )


def _effect(tables: Tables, family: str) -> NDArray[np.float64]:
    """Of association on dissent, against the conduct rule alone."""
    association = _of(tables, "dissent", family, "guilt_by_association")
    return association - _of(tables, "dissent", family, "conduct_only")


def judge(tables: Tables) -> list[Judged]:
    """Each hypothesis against the runs, paired by replicate."""
    rule = "guilt_by_association"
    least = max(FAMILIES, key=lambda family: sum(mean_and_half(_effect(tables, family))[:2]))

    def less(measure: str) -> NDArray[np.float64]:
        free = _of(tables, measure, "barabasi_albert", "guilt_by_association")
        return free - _of(tables, measure, "watts_strogatz", "guilt_by_association")

    return [
        sign(
            f"share dissenting: association − conduct, {FAMILIES[least]}",
            _effect(tables, least),
            -1,
        ),
        sign("friendships ended a citizen: scale-free − small world", less("ties_cut_final"), 1),
        sign(
            "friends, others − dissenters, association − conduct: scale-free − small world",
            _isolating(tables, "barabasi_albert") - _isolating(tables, "watts_strogatz"),
            1,
        ),
        sign("share dissenting: association − conduct, ego-Facebook", _effect(tables, REAL), -1),
        sign(
            "friendships ended a citizen: ego-Facebook − small world (not the same people)",
            _of(tables, "ties_cut_final", REAL, rule)
            - _of(tables, "ties_cut_final", "watts_strogatz", rule),
            1,
            "0; of the friendships there are, in percent: "
            + mean_text(
                _of(tables, "ended", REAL, rule) - _of(tables, "ended", "watts_strogatz", rule)
            ),
        ),
    ]


def numbers(tables: Tables) -> Mapping[str, str]:
    """What the text quotes."""
    found = {}
    for family in FAMILIES:
        rule = "guilt_by_association"
        found[f"dissent_{family}"] = mean_text(_of(tables, "dissent", family, rule), 100.0, " %")
        found[f"effect_{family}"] = mean_text(_effect(tables, family), 100.0)
        found[f"cut_{family}"] = mean_text(_of(tables, "ties_cut_final", family, rule))
        found[f"gap_{family}"] = mean_text(_isolating(tables, family))
    real = {rule: mean_text(_of(tables, "dissent", REAL, rule), 100.0, " %") for rule in RULES}
    found["world_less_random"] = mean_text(
        _effect(tables, "watts_strogatz") - _effect(tables, "erdos_renyi"), 100.0
    )
    none, conduct, association = real.values()
    ended = {family: mean_text(_of(tables, "ended", family, "guilt_by_association"), 1.0, " %")
             for family in (REAL, "watts_strogatz")}  # fmt: skip
    isolation = {rule: mean_text(_of(tables, "isolation", REAL, rule)) for rule in RULES}
    found["real"] = (
        f"On the real ego-Facebook network {none} dissent without an institution, {conduct} under "
        f"the conduct rule and {association} under guilt by association, which ends "
        f"{mean_text(_of(tables, 'ties_cut_final', REAL, 'guilt_by_association'))} friendships a "
        f"citizen there: more than on a small world, but people have more, and of all friendships "
        f"it ends {ended[REAL]} there and {ended['watts_strogatz']} on a small world. Dissenters "
        f"have {isolation['guilt_by_association']} fewer friends than others under it, "
        f"{isolation['conduct_only']} fewer under the conduct rule, which ends no friendship: who "
        f"dissents has changed, and association adds {mean_text(_isolating(tables, REAL))}."
        if REAL in tables
        else "The real network's runs are not here."
    )
    return found


def figure(tables: Tables, numbers: Mapping[str, str]) -> go.Figure:
    """Three measures by family, a colour for each rule."""
    drawn = make_subplots(
        rows=1, cols=3, horizontal_spacing=0.1, subplot_titles=list(PANELS.values())
    )
    for column, measure in enumerate(PANELS, start=1):
        for k, rule in enumerate(RULES):
            shown = {**FAMILIES, REAL: "ego-Facebook"} if column < 3 else FAMILIES
            if column == 3 and rule == "no_institution":
                continue
            values = {name: _of(tables, measure, family, rule) for family, name in shown.items()}
            dots(drawn, values, 1, column, colour(k), (k - 1) * 0.22)
        drawn.update_xaxes(tickangle=-40, row=1, col=column)
    key = ", ".join(f"<span style='color:{colour(k)}'>{name}</span>"
                    for k, name in enumerate(RULES.values()))  # fmt: skip
    drawn.add_annotation(x=0.5, y=0.62, xref="x domain", yref="y domain", xanchor="center",
                         showarrow=False, text=key)  # fmt: skip
    world, graph = (numbers[f"effect_{name}"] for name in ("watts_strogatz", "erdos_renyi"))
    finish(
        drawn, f"Against the conduct rule guilt by association changes dissent by {world} "
        f"percentage points on a small world and {graph} on a random graph; it ends friendships "
        "everywhere", 400,
        "Means over 20 twin replicates of 2,000 citizens (ego-Facebook 4,039; its dissenters' "
        "friends are in the text) with 95 % intervals: the last 50 of 200 periods, friendships "
        "ended in all, of those there were at first.",
    )  # fmt: skip
    drawn.update_layout(margin={"b": 88})
    return drawn
