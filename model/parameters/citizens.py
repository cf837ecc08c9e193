"""How citizens decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from model.choices import ExpressionRule, by_name
from model.parameters.declare import DEFINITION, REPORT, Probability, Section, parameter

if TYPE_CHECKING:  # rules read numbers: see citizens_record
    _Detection = _FalseAlarm = float
else:
    _Detection = Probability | Literal["detection"]
    _FalseAlarm = Probability | Literal["false_alarm"]


class Citizens(Section):
    """How citizens decide."""

    expression_rule: by_name(ExpressionRule) = parameter(  # type: ignore[valid-type]
        ExpressionRule.quantal, "", "", "quantal: weighs gain and loss; threshold: speaks when "
        "enough friends do; strategic: as much as pays; linear: one's stance in degrees; spiral: "
        "who has heard enough support",
        "McFadden 1974; Granovetter 1978; Daymude et al. 2025; Ye et al. 2019; Noelle-Neumann 1974",
    )  # fmt: skip
    rationality: float = parameter(
        8.0, "β", "1/utility", "Precision of choices; inf always takes the best",
        "McKelvey & Palfrey 1995", ge=0,
    )  # fmt: skip
    stakes: float = parameter(
        2.0, "λ", "", "Weight of the score's worth against saying what one thinks", DEFINITION,
        ge=0, le=1000,
    )  # fmt: skip
    effort: float = parameter(
        0.25, "e", "utility", "Cost of saying anything at all", "Downs 1957", ge=0, le=10,
    )  # fmt: skip
    foresight: float = parameter(
        10.0, "h", "periods", "Periods over which a change of score is extrapolated", DEFINITION,
        ge=0, le=10_000,
    )  # fmt: skip
    solidarity: float = parameter(
        0.5, "σ", "", "Weight of the loss that own dissent causes friends (M6)", DEFINITION,
        ge=0, le=10,
    )  # fmt: skip
    material: float = parameter(
        1.0, "m", "utility", "Worth of the whole score range apart from benefits", DEFINITION,
        ge=0, le=100,
    )  # fmt: skip
    travel_value: float = parameter(
        0.25, "v₁", "utility", "Worth of the travel permit (M9)", REPORT, ge=0, le=100,
    )  # fmt: skip
    visa_value: float = parameter(
        0.25, "v₂", "utility", "Worth of the better visa (M9)", REPORT, ge=0, le=100,
    )  # fmt: skip
    precarity: float = parameter(
        0.0, "π", "", "How much more a score is worth to the poorest than to the richest (M21)",
        REPORT, ge=0, le=100,
    )  # fmt: skip
    news_exposure: float = parameter(
        0.1, "η", "per period", "Chance that what a citizen has to say is forbidden news (M5)",
        REPORT, ge=0, le=1,
    )  # fmt: skip
    believed_detection: _Detection = parameter(  # type: ignore[valid-type]
        "detection", "ν̂", "per period", "Chance of detection that citizens believe in (M16); "
        "'detection': the true one", "Penney 2016; Stoycheff 2016",
    )  # fmt: skip
    believed_false_alarm: _FalseAlarm = parameter(  # type: ignore[valid-type]
        "false_alarm", "ν̂₀", "per period", "Chance of false accusation that citizens believe in "
        "(M16, M17); 'false_alarm': the true one", "Png 1986",
    )  # fmt: skip
    friendship_value: float = parameter(
        0.5, "φ", "utility", "Worth of a friend with whom one agrees", DEFINITION, ge=0, le=100,
    )  # fmt: skip
    review: float = parameter(
        0.2, "r", "per period", "Chance that a citizen reviews the costliest friendship (M7)",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    sociability: float = parameter(
        0.2, "s", "per period", "Chance that a citizen short of friends looks for one",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    closure: float = parameter(
        0.7, "τ", "", "Share of searches among friends of friends (else anywhere)",
        "Granovetter 1973; Kossinets & Watts 2006", ge=0, le=1,
    )  # fmt: skip
    max_friends: int = parameter(
        150, "D", "friends", "Nobody makes a new friend beyond this number", "Dunbar 1992",
        ge=0, le=100_000,
    )  # fmt: skip
    influence: float = parameter(
        0.01, "α", "per period", "Conviction's move toward friends' expression, times conformity",
        "DeGroot 1974; Friedkin & Johnsen 1990", ge=0, le=1,
    )  # fmt: skip
    internalisation: float = parameter(
        0.005, "ι", "per period", "Conviction's move toward the own public face",
        "Festinger 1957; Kuran 1995", ge=0, le=1,
    )  # fmt: skip
    reactance: float = parameter(
        0.0, "ξ", "per period", "Conviction's move against the regime when flagged (M19)",
        "Brehm 1966", ge=0, le=1,
    )  # fmt: skip
    anchoring: float = parameter(
        0.05, "ζ", "per period", "Conviction's return toward its own first value",
        "Kiley & Vaisey 2020 (settled dispositions)", ge=0, le=1,
    )  # fmt: skip
    flexibility: float = parameter(
        1.0, "f", "1/utility", "How far what one buys gives way to what it brings in score (M8)",
        DEFINITION, ge=0, le=100,
    )  # fmt: skip
    adaptation: float = parameter(
        0.1, "f_t", "per period", "Speed at which habits of buying adapt, both ways (M8)",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    adoption: float = parameter(
        0.1, "a_e", "per period", "Chance that who isn't enrolled thinks about it (M2)",
        "Bass 1969", ge=0, le=1,
    )  # fmt: skip
    reluctance: float = parameter(
        0.5, "e_e", "utility", "What enrolling costs in itself (M2)", "Rogers 2003", ge=0, le=100,
    )  # fmt: skip
    privacy_concern: float = parameter(
        0.5, "q_p", "utility", "What enrolling costs the most critical besides (M2)",
        "Kostka 2019", ge=0, le=100,
    )  # fmt: skip
    flaunting: float = parameter(
        0.0, "p_f", "per period", "Chance that who has the travel permit shows the score (M10)",
        "Veblen 1899", ge=0, le=1,
    )  # fmt: skip
    social_worth: float = parameter(
        1.0, "w_s", "", "How much more a score matters if all friends flaunt theirs (M10)",
        "Veblen 1899", ge=0, le=100,
    )  # fmt: skip
    detention_cost: float = parameter(
        0.2, "v_d", "utility", "What a period in detention is felt to cost (M11)", DEFINITION,
        ge=0, le=100,
    )  # fmt: skip
    whitelist_value: float = parameter(
        0.5, "v_w", "utility", "Worth of being on the whitelist (M12)", DEFINITION, ge=0, le=100,
    )  # fmt: skip
    learning: float = parameter(
        0.0, "λ_b", "per period", "Speed at which belief in detection follows what happens to "
        "friends who dissent (M16)", "Rescorla & Wagner 1972", ge=0, le=1,
    )  # fmt: skip
    exit: float = parameter(
        0.0, "p_x", "per period", "Chance that a citizen thinks about leaving the grid (M20)",
        "Hirschman 1970", ge=0, le=1,
    )  # fmt: skip
    exit_price: float = parameter(
        0.5, "e_x", "utility", "What leaving the grid costs besides the score's worth (M20)",
        DEFINITION, ge=0, le=100,
    )  # fmt: skip
    wealth_feedback: float = parameter(
        0.0, "f_w", "per period", "Speed at which ability to pay follows from benefits held (M21)",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    wealth_at_stake: float = parameter(
        0.3, "ω_b", "", "Share of ability to pay that hangs on benefits (M13, M21)",
        DEFINITION, ge=0, le=1,
    )  # fmt: skip
    peer_pressure: float = parameter(
        0.0, "p_e", "utility", "Cost of speaking against friends who all enforce (M23)",
        "Centola, Willer & Macy 2005", ge=0, le=100,
    )  # fmt: skip
    enforcement_cost: float = parameter(
        0.125, "K", "utility", "What enforcing costs (M23)", "Centola, Willer & Macy 2005",
        ge=0, le=100,
    )  # fmt: skip
    turnover: float = parameter(
        0.0, "m", "per period", "Chance that a citizen dies and is succeeded (M18)", DEFINITION,
        ge=0, le=1,
    )  # fmt: skip
    inheritance: float = parameter(
        0.5, "i", "per tie", "Chance that a friendship passes to the successor (M18)", DEFINITION,
        ge=0, le=1,
    )  # fmt: skip
    socialisation: float = parameter(
        0.5, "z", "", "How far the first conviction of the young is what their circle says (M18)",
        "Krosnick & Alwin 1989", ge=0, le=1,
    )  # fmt: skip
    audience_value: float = parameter(
        0.25, "v_a", "utility", "Worth of reaching all friends rather than none (M14, M15)",
        DEFINITION, ge=0, le=100,
    )  # fmt: skip
