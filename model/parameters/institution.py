"""What the institution sees, scores and does."""

from __future__ import annotations

from model.choices import AssociationRule, Operators, Punishment, Visibility, by_name
from model.parameters.declare import (
    DEFINITION,
    REPORT,
    SCORE_CEILING,
    SCORE_FLOOR,
    Section,
    parameter,
)


class Institution(Section):
    """The institution: what it sees, what it scores by which weights, who may look it up."""

    detection: float = parameter(
        0.15, "ν", "per period", "Chance that an act of dissent is recorded (M5)",
        "Daymude et al. 2025 (surveillance)", ge=0, le=1,
    )  # fmt: skip
    false_alarm: float = parameter(
        0.0, "ν₀", "per period", "Chance that a silent citizen is recorded as a dissenter (M17)",
        REPORT, ge=0, le=1,
    )  # fmt: skip
    dissent_penalty: float = parameter(
        20.0, "P_d", "points", "Lost in a period with recorded dissent (M5)", REPORT, ge=0, le=600,
    )  # fmt: skip
    news_gravity: float = parameter(
        2.0, "g", "", "How many times graver forbidden news is than an opinion (M5)", REPORT,
        ge=1, le=100,
    )  # fmt: skip
    association_penalty: float = parameter(
        30.0, "P_a", "points", "Lost in a period through friends' recorded dissent (M6)", REPORT,
        ge=0, le=600,
    )  # fmt: skip
    association_rule: by_name(AssociationRule) = parameter(  # type: ignore[valid-type]
        AssociationRule.mean, "", "", "Friends' records: per friend (mean), each (count) "
        "or the gravest alone (worst)", DEFINITION,
    )  # fmt: skip
    association_pull: float = parameter(
        0.0, "a", "per period", "Pull of the score toward the friends' mean score (M6)",
        "Sesame Credit's relationships dimension", ge=0, le=1,
    )  # fmt: skip
    praise_reward: float = parameter(
        1.0, "R", "points", "Gained in a period with open praise", REPORT, ge=0, le=600,
    )  # fmt: skip
    recovery: float = parameter(
        0.05, "ρ", "per period", "Return of the score toward what ability to pay gives (M4)",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    base_low: float = parameter(
        450.0, "B₀", "points", "Base score of the poorest (M4)", DEFINITION,
        ge=SCORE_FLOOR, le=SCORE_CEILING,
    )  # fmt: skip
    base_high: float = parameter(
        850.0, "B₁", "points", "Base score of the richest (M4)", DEFINITION,
        ge=SCORE_FLOOR, le=SCORE_CEILING,
    )  # fmt: skip
    travel_threshold: float = parameter(
        700.0, "T₁", "points", "Score from which the travel permit is given (M9)", REPORT,
        ge=SCORE_FLOOR, le=SCORE_CEILING,
    )  # fmt: skip
    visa_threshold: float = parameter(
        750.0, "T₂", "points", "Score from which the better visa is given (M9)", REPORT,
        ge=SCORE_FLOOR, le=SCORE_CEILING,
    )  # fmt: skip
    visibility: by_name(Visibility) = parameter(  # type: ignore[valid-type]
        Visibility.public, "", "", "Who can look up a record: everybody (public), friends only, "
        "or nobody (private) (M7)", REPORT,
    )  # fmt: skip
    approved_reward: float = parameter(
        0.0, "G₊", "points", "Gained in a period by who buys approved goods only (M8)", REPORT,
        ge=0, le=600,
    )  # fmt: skip
    disapproved_penalty: float = parameter(
        0.0, "G₋", "points", "Lost in a period by who buys disapproved goods only (M8)", REPORT,
        ge=0, le=600,
    )  # fmt: skip
    mandatory_from: float = parameter(
        0.0, "t_m", "period", "Period from which everybody is enrolled; before it, whoever wants "
        "to be; 'inf' leaves it voluntary for ever (M2)", REPORT, ge=0,
    )  # fmt: skip
    arrest: float = parameter(
        0.0, "p_a", "per record", "Chance that who is recorded is also arrested (M11)", REPORT,
        ge=0, le=1,
    )  # fmt: skip
    detention: int = parameter(
        10, "d", "periods", "Length of a detention (M11)", DEFINITION, ge=1, le=1_000_000,
    )  # fmt: skip
    tie_loss: float = parameter(
        0.0, "p_l", "per tie", "Chance that an arrest ends a friendship of the arrested; else "
        "friendships freeze (M11)", "Clear 2007 (ties lost to imprisonment)", ge=0, le=1,
    )  # fmt: skip
    reach: float = parameter(
        1.0, "q", "", "Share of friends whom a barred citizen's expression still reaches (M15)",
        REPORT, ge=0, le=1,
    )  # fmt: skip
    barred_for: int = parameter(
        10, "d_b", "periods", "How long a record bars a speaker, if it does (M15)", DEFINITION,
        ge=1, le=1_000_000,
    )  # fmt: skip
    whitelist_after: int = parameter(
        0, "d_w", "periods", "Periods without a record that put one on the whitelist; 0: there is "
        "none (M12)", REPORT, ge=0, le=1_000_000,
    )  # fmt: skip
    tolerance: float = parameter(
        0.25, "τ", "", "Dissent up to this strength is not punished (strategic)",
        "Daymude et al. 2025", ge=0, le=1,
    )  # fmt: skip
    severity: float = parameter(
        0.6, "ψ", "utility", "What a punishment costs the punished (strategic) and the institution",
        "Daymude et al. 2025", ge=0, le=1000,
    )  # fmt: skip
    punishment: by_name(Punishment) = parameter(  # type: ignore[valid-type]
        Punishment.uniform, "", "", "The same for every punished act (uniform), or times how far "
        "it exceeds the tolerance (proportional)", "Daymude et al. 2025",
    )  # fmt: skip
    monitoring_cost: float = parameter(
        0.0, "k_ν", "utility", "What watching a citizen for a period costs the institution, if "
        "nothing escapes it", DEFINITION, ge=0, le=1000,
    )  # fmt: skip
    detention_upkeep: float = parameter(
        0.0, "k_d", "utility", "What a period of a detention costs the institution (M11)",
        DEFINITION, ge=0, le=1000,
    )  # fmt: skip
    guilt_by_following: float = parameter(
        0.0, "g_f", "per period", "Chance to be barred for following none but people who "
        "are barred for their words (M14; needs follows, and reach below 1)",
        REPORT, ge=0, le=1,
    )  # fmt: skip
    operators: by_name(Operators) = parameter(  # type: ignore[valid-type]
        Operators.one, "", "", "Who keeps scores: one operator, or two whose scores count by their "
        "mean or by the worse, or whose data are merged (M3)", REPORT,
    )  # fmt: skip
    first_sees_conduct: float = parameter(
        0.3, "A_c", "", "Share of recorded conduct that the first operator, a shop, gets to see",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    second_sees_conduct: float = parameter(
        0.9, "B_c", "", "The same for the second, a social network (M3)", DEFINITION, ge=0, le=1,
    )  # fmt: skip
    first_sees_ties: float = parameter(
        0.3, "A_t", "", "Share of friendships that the first operator knows of (M3)", DEFINITION,
        ge=0, le=1,
    )  # fmt: skip
    second_sees_ties: float = parameter(
        0.9, "B_t", "", "The same for the second (M3)", DEFINITION, ge=0, le=1,
    )  # fmt: skip
    first_sees_purchases: float = parameter(
        0.9, "A_l", "", "Share of purchases that the first operator gets to see (M3, M8)",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    second_sees_purchases: float = parameter(
        0.3, "B_l", "", "The same for the second (M3, M8)", DEFINITION, ge=0, le=1,
    )  # fmt: skip
