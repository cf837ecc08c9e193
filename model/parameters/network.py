"""Who is friends with whom at the start."""

from __future__ import annotations

from typing import Literal

from model.parameters.declare import DEFINITION, Section, parameter

GENERATORS = (
    "watts_strogatz",
    "barabasi_albert",
    "erdos_renyi",
    "stochastic_block",
    "powerlaw_cluster",
    "complete",
    "karate",
)


class Network(Section):
    """Who is friends with whom at the start."""

    generator: Literal[
        "watts_strogatz",
        "barabasi_albert",
        "erdos_renyi",
        "stochastic_block",
        "powerlaw_cluster",
        "complete",
        "karate",
    ] = parameter(
        "watts_strogatz", "", "", "Random graph to draw (not read when network_file is given)",
        "Watts & Strogatz 1998 and others: see model/networks/generators.py",
    )  # fmt: skip
    network_file: str = parameter(
        "", "", "path",
        "Real network instead: .csv, .tsv, .txt, .edges (also with .gz), .parquet, .graphml, .gexf",
        DEFINITION,
    )  # fmt: skip
    mean_degree: float = parameter(
        10.0, "k", "friends", "Mean number of friends (watts_strogatz: even; "
        "barabasi_albert and powerlaw_cluster: twice the ties a newcomer makes)", DEFINITION,
        ge=0, le=100_000,
    )  # fmt: skip
    rewiring: float = parameter(
        0.1, "p", "", "Share of ties moved to a random person (watts_strogatz)",
        "Watts & Strogatz 1998", ge=0, le=1,
    )  # fmt: skip
    triad_probability: float = parameter(
        0.5, "p_t", "", "Chance that a newcomer's next tie closes a triangle (powerlaw_cluster)",
        "Holme & Kim 2002", ge=0, le=1,
    )  # fmt: skip
    blocks: int = parameter(
        4, "B", "blocks", "Communities of equal size (stochastic_block)",
        "Holland, Laskey & Leinhardt 1983", ge=1, le=10_000,
    )  # fmt: skip
    mixing: float = parameter(
        0.2, "μ", "", "Expected share of ties that leave the own community (stochastic_block)",
        "Lancichinetti, Fortunato & Radicchi 2008", ge=0, le=1,
    )  # fmt: skip
    follows: int = parameter(
        0, "m_f", "people", "People whom each citizen follows besides having friends (M14)",
        "Feld 1991", ge=0, le=10_000,
    )  # fmt: skip
