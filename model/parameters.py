"""Every parameter of the model, declared once.

A parameter's name, symbol, default, range, unit, meaning and source stand here and nowhere else:
validation, the command line, the documentation table, sweeps and the numeric records that the
rules read are all derived from these declarations. To add a parameter, add one line to a section
and read it in a rule (a test fails for a parameter that changes nothing).

Names are unique over all sections, so that ``--set name=value``, ``Society(name=value)`` and a
study's factors need no section. Defaults describe the scenario *guilt by association*. They are
round numbers of a plausible order, fixed before any study was run, and not fitted to anything.
"""

from __future__ import annotations

from collections import namedtuple
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from model.choices import AssociationRule, ExpressionRule, Schedule, Visibility, by_name

SCORE_FLOOR = 350.0
SCORE_CEILING = 950.0
"""The ends of the score scale (M1): those of Sesame Credit and of the 2015 report."""

LARGEST_SEED = 2**64 - 1

DEFINITION = "definition"
REPORT = "2015 report (see README)"


def _parameter(
    default: Any,
    symbol: str,
    unit: str,
    meaning: str,
    source: str,
    **limits: Any,
) -> Any:
    """Declare one parameter; ``limits`` are pydantic's ``ge``, ``gt``, ``le``, ``lt``."""
    return Field(
        default,
        description=meaning,
        json_schema_extra={"symbol": symbol, "unit": unit, "source": source},
        **limits,
    )


_Probability = Annotated[float, Field(ge=0, le=1)]
if TYPE_CHECKING:  # rules read numbers: see citizens_record
    _Detection = _FalseAlarm = float
else:
    _Detection = _Probability | Literal["detection"]
    _FalseAlarm = _Probability | Literal["false_alarm"]


class Section(BaseModel):
    """A table of a scenario file. Frozen; unknown names and wrong types are errors."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_default=True, allow_inf_nan=True
    )


class Population(Section):
    """Who lives here: how many, and how the fixed traits are distributed."""

    citizens: int = _parameter(
        1000, "N", "people", "Citizens (a network file brings its own number)", DEFINITION,
        ge=1, le=2_000_000_000,
    )  # fmt: skip
    conviction_mean: float = _parameter(
        0.1, "μ_c", "", "Mean private stance; positive is critical of the regime", DEFINITION,
        ge=-1, le=1,
    )  # fmt: skip
    conviction_spread: float = _parameter(
        0.5, "σ_c", "", "Standard deviation of conviction before truncation to [−1, 1]",
        DEFINITION, ge=0, le=10,
    )  # fmt: skip
    self_censorship: float = _parameter(
        0.5, "κ̄", "", "Mean self-censorship: weight put on what speaking would cost",
        "Kuran 1995; Daymude et al. 2025", ge=0, le=1,
    )  # fmt: skip
    self_censorship_concentration: float = _parameter(
        4.0, "ν_κ", "", "Concentration of self-censorship (Beta; inf makes all citizens equal)",
        DEFINITION, gt=0,
    )  # fmt: skip
    conformity: float = _parameter(
        0.5, "γ̄", "", "Mean conformity: weight of what friends say against own conviction",
        "Asch 1956; Friedkin & Johnsen 1990", ge=0, le=1,
    )  # fmt: skip
    conformity_concentration: float = _parameter(
        4.0, "ν_γ", "", "Concentration of conformity (Beta; inf makes all citizens equal)",
        DEFINITION, gt=0,
    )  # fmt: skip
    wealth: float = _parameter(
        0.5, "ω̄", "", "Mean ability to pay, 0 the poorest and 1 the richest", DEFINITION,
        ge=0, le=1,
    )  # fmt: skip
    wealth_concentration: float = _parameter(
        4.0, "ν_ω", "", "Concentration of ability to pay (Beta; inf makes all citizens equal)",
        DEFINITION, gt=0,
    )  # fmt: skip


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
    ] = _parameter(
        "watts_strogatz", "", "", "Random graph to draw (not read when network_file is given)",
        "Watts & Strogatz 1998 and others: see model/networks/generators.py",
    )  # fmt: skip
    network_file: str = _parameter(
        "", "", "path",
        "Real network instead: .csv, .tsv, .txt, .edges (also with .gz), .parquet, .graphml, .gexf",
        DEFINITION,
    )  # fmt: skip
    mean_degree: float = _parameter(
        10.0, "k", "friends", "Mean number of friends (watts_strogatz: even; "
        "barabasi_albert and powerlaw_cluster: twice the ties a newcomer makes)", DEFINITION,
        ge=0, le=100_000,
    )  # fmt: skip
    rewiring: float = _parameter(
        0.1, "p", "", "Share of ties moved to a random person (watts_strogatz)",
        "Watts & Strogatz 1998", ge=0, le=1,
    )  # fmt: skip
    triad_probability: float = _parameter(
        0.5, "p_t", "", "Chance that a newcomer's next tie closes a triangle (powerlaw_cluster)",
        "Holme & Kim 2002", ge=0, le=1,
    )  # fmt: skip
    blocks: int = _parameter(
        4, "B", "blocks", "Communities of equal size (stochastic_block)",
        "Holland, Laskey & Leinhardt 1983", ge=1, le=10_000,
    )  # fmt: skip
    mixing: float = _parameter(
        0.2, "μ", "", "Expected share of ties that leave the own community (stochastic_block)",
        "Lancichinetti, Fortunato & Radicchi 2008", ge=0, le=1,
    )  # fmt: skip


class Institution(Section):
    """The institution: what it sees, what it scores by which weights, who may look it up."""

    detection: float = _parameter(
        0.15, "ν", "per period", "Chance that an act of dissent is recorded (M5)",
        "Daymude et al. 2025 (surveillance)", ge=0, le=1,
    )  # fmt: skip
    false_alarm: float = _parameter(
        0.0, "ν₀", "per period", "Chance that a silent citizen is recorded as a dissenter (M17)",
        REPORT, ge=0, le=1,
    )  # fmt: skip
    dissent_penalty: float = _parameter(
        20.0, "P_d", "points", "Lost in a period with recorded dissent (M5)", REPORT, ge=0, le=600,
    )  # fmt: skip
    news_gravity: float = _parameter(
        2.0, "g", "", "How many times graver forbidden news is than an opinion (M5)", REPORT,
        ge=1, le=100,
    )  # fmt: skip
    association_penalty: float = _parameter(
        30.0, "P_a", "points", "Lost in a period through friends' recorded dissent (M6)", REPORT,
        ge=0, le=600,
    )  # fmt: skip
    association_rule: by_name(AssociationRule) = _parameter(  # type: ignore[valid-type]
        AssociationRule.mean, "", "", "Friends' records: per friend (mean), each (count) "
        "or the gravest alone (worst)", DEFINITION,
    )  # fmt: skip
    association_pull: float = _parameter(
        0.0, "a", "per period", "Pull of the score toward the friends' mean score (M6)",
        "Sesame Credit's relationships dimension", ge=0, le=1,
    )  # fmt: skip
    praise_reward: float = _parameter(
        1.0, "R", "points", "Gained in a period with open praise", REPORT, ge=0, le=600,
    )  # fmt: skip
    recovery: float = _parameter(
        0.05, "ρ", "per period", "Return of the score toward what ability to pay gives (M4)",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    base_low: float = _parameter(
        450.0, "B₀", "points", "Base score of the poorest (M4)", DEFINITION,
        ge=SCORE_FLOOR, le=SCORE_CEILING,
    )  # fmt: skip
    base_high: float = _parameter(
        850.0, "B₁", "points", "Base score of the richest (M4)", DEFINITION,
        ge=SCORE_FLOOR, le=SCORE_CEILING,
    )  # fmt: skip
    travel_threshold: float = _parameter(
        700.0, "T₁", "points", "Score from which the travel permit is given (M9)", REPORT,
        ge=SCORE_FLOOR, le=SCORE_CEILING,
    )  # fmt: skip
    visa_threshold: float = _parameter(
        750.0, "T₂", "points", "Score from which the better visa is given (M9)", REPORT,
        ge=SCORE_FLOOR, le=SCORE_CEILING,
    )  # fmt: skip
    visibility: by_name(Visibility) = _parameter(  # type: ignore[valid-type]
        Visibility.public, "", "", "Who can look up a record: everybody (public), friends only, "
        "or nobody (private) (M7)", REPORT,
    )  # fmt: skip


class Citizens(Section):
    """How citizens decide."""

    expression_rule: by_name(ExpressionRule) = _parameter(  # type: ignore[valid-type]
        ExpressionRule.quantal, "", "", "quantal: weighs gain and loss; threshold: speaks when "
        "enough friends do", "McFadden 1974; Granovetter 1978",
    )  # fmt: skip
    rationality: float = _parameter(
        8.0, "β", "1/utility", "Precision of choices; inf always takes the best",
        "McKelvey & Palfrey 1995", ge=0,
    )  # fmt: skip
    stakes: float = _parameter(
        2.0, "λ", "", "Weight of the score's worth against saying what one thinks", DEFINITION,
        ge=0, le=1000,
    )  # fmt: skip
    effort: float = _parameter(
        0.25, "e", "utility", "Cost of saying anything at all", "Downs 1957", ge=0, le=10,
    )  # fmt: skip
    foresight: float = _parameter(
        10.0, "h", "periods", "Periods over which a change of score is extrapolated", DEFINITION,
        ge=0, le=10_000,
    )  # fmt: skip
    solidarity: float = _parameter(
        0.5, "σ", "", "Weight of the loss that own dissent causes friends (M6)", DEFINITION,
        ge=0, le=10,
    )  # fmt: skip
    material: float = _parameter(
        1.0, "m", "utility", "Worth of the whole score range apart from benefits", DEFINITION,
        ge=0, le=100,
    )  # fmt: skip
    travel_value: float = _parameter(
        0.25, "v₁", "utility", "Worth of the travel permit (M9)", REPORT, ge=0, le=100,
    )  # fmt: skip
    visa_value: float = _parameter(
        0.25, "v₂", "utility", "Worth of the better visa (M9)", REPORT, ge=0, le=100,
    )  # fmt: skip
    precarity: float = _parameter(
        0.0, "π", "", "How much more a score is worth to the poorest than to the richest (M21)",
        REPORT, ge=0, le=100,
    )  # fmt: skip
    news_exposure: float = _parameter(
        0.1, "η", "per period", "Chance that what a citizen has to say is forbidden news (M5)",
        REPORT, ge=0, le=1,
    )  # fmt: skip
    believed_detection: _Detection = _parameter(  # type: ignore[valid-type]
        "detection", "ν̂", "per period", "Chance of detection that citizens believe in (M16); "
        "'detection': the true one", "Penney 2016; Stoycheff 2016",
    )  # fmt: skip
    believed_false_alarm: _FalseAlarm = _parameter(  # type: ignore[valid-type]
        "false_alarm", "ν̂₀", "per period", "Chance of false accusation that citizens believe in "
        "(M16, M17); 'false_alarm': the true one", "Png 1986",
    )  # fmt: skip
    friendship_value: float = _parameter(
        0.5, "φ", "utility", "Worth of a friend with whom one agrees", DEFINITION, ge=0, le=100,
    )  # fmt: skip
    review: float = _parameter(
        0.2, "r", "per period", "Chance that a citizen reviews the costliest friendship (M7)",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    sociability: float = _parameter(
        0.2, "s", "per period", "Chance that a citizen short of friends looks for one",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    closure: float = _parameter(
        0.7, "τ", "", "Share of searches among friends of friends (else anywhere)",
        "Granovetter 1973; Kossinets & Watts 2006", ge=0, le=1,
    )  # fmt: skip
    max_friends: int = _parameter(
        150, "D", "friends", "Nobody makes a new friend beyond this number", "Dunbar 1992",
        ge=0, le=100_000,
    )  # fmt: skip
    influence: float = _parameter(
        0.01, "α", "per period", "Conviction's move toward friends' expression, times conformity",
        "DeGroot 1974; Friedkin & Johnsen 1990", ge=0, le=1,
    )  # fmt: skip
    internalisation: float = _parameter(
        0.005, "ι", "per period", "Conviction's move toward the own public face",
        "Festinger 1957; Kuran 1995", ge=0, le=1,
    )  # fmt: skip
    reactance: float = _parameter(
        0.0, "ξ", "per period", "Conviction's move against the regime when flagged (M19)",
        "Brehm 1966", ge=0, le=1,
    )  # fmt: skip
    anchoring: float = _parameter(
        0.05, "ζ", "per period", "Conviction's return toward its own first value",
        "Kiley & Vaisey 2020 (settled dispositions)", ge=0, le=1,
    )  # fmt: skip


class Chance(Section):
    """Luck and the order of events."""

    seed: int = _parameter(
        1, "", "", "Decides everything that is drawn: the graph, the citizens, every event",
        "Salmon et al. 2011", ge=0, le=LARGEST_SEED,
    )  # fmt: skip
    schedule: by_name(Schedule) = _parameter(  # type: ignore[valid-type]
        Schedule.synchronous, "", "", "synchronous: all read the last period; random_order: one "
        "after the other, reading what is newest", "Huberman & Glance 1993",
    )  # fmt: skip


SECTIONS: dict[str, type[Section]] = {
    "population": Population,
    "network": Network,
    "institution": Institution,
    "citizens": Citizens,
    "chance": Chance,
}


def section_of() -> dict[str, str]:
    """Parameter name → section name.

    >>> section_of()["detection"]
    'institution'
    """
    return {name: section for section, table in SECTIONS.items() for name in table.model_fields}


# The numeric records that rules read: the same names, as plain numbers that Numba can compile.
# Annotations in the rules name the sections above, whose attributes are the same.
InstitutionRecord = namedtuple("InstitutionRecord", list(Institution.model_fields))  # type: ignore[misc]
CitizensRecord = namedtuple("CitizensRecord", list(Citizens.model_fields))  # type: ignore[misc]


def _number(value: object) -> float | int:
    return int(value) if isinstance(value, IntEnum) else float(value)  # type: ignore[arg-type]


def institution_record(institution: Institution) -> Any:
    """The institution as numbers: choices as whole numbers, all else as float64."""
    return InstitutionRecord(*(_number(value) for _, value in institution))


def citizens_record(citizens: Citizens, institution: Institution) -> Any:
    """The citizens' parameters as numbers; a belief that follows the truth gets its value."""
    values = dict(citizens)
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = getattr(institution, value)
    return CitizensRecord(*(_number(value) for value in values.values()))
