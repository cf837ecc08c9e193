"""Who lives in the society."""

from __future__ import annotations

from model.parameters.declare import DEFINITION, Section, parameter


class Population(Section):
    """Who lives here: how many, and how the fixed traits are distributed."""

    citizens: int = parameter(
        1000, "N", "people", "Citizens (a network file brings its own number)", DEFINITION,
        ge=1, le=2_000_000_000,
    )  # fmt: skip
    conviction_mean: float = parameter(
        0.1, "μ_c", "", "Mean private stance; positive is critical of the regime", DEFINITION,
        ge=-1, le=1,
    )  # fmt: skip
    conviction_spread: float = parameter(
        0.5, "σ_c", "", "Standard deviation of conviction before truncation to [−1, 1]",
        DEFINITION, ge=0, le=10,
    )  # fmt: skip
    self_censorship: float = parameter(
        0.5, "κ̄", "", "Mean self-censorship: weight put on what speaking would cost",
        "Kuran 1995; Daymude et al. 2025", ge=0, le=1,
    )  # fmt: skip
    self_censorship_concentration: float = parameter(
        4.0, "ν_κ", "", "Concentration of self-censorship (Beta; inf makes all citizens equal)",
        DEFINITION, gt=0,
    )  # fmt: skip
    conformity: float = parameter(
        0.5, "γ̄", "", "Mean conformity: weight of what friends say against own conviction",
        "Asch 1956; Friedkin & Johnsen 1990", ge=0, le=1,
    )  # fmt: skip
    conformity_concentration: float = parameter(
        4.0, "ν_γ", "", "Concentration of conformity (Beta; inf makes all citizens equal)",
        DEFINITION, gt=0,
    )  # fmt: skip
    wealth: float = parameter(
        0.5, "ω̄", "", "Mean ability to pay, 0 the poorest and 1 the richest", DEFINITION,
        ge=0, le=1,
    )  # fmt: skip
    wealth_concentration: float = parameter(
        4.0, "ν_ω", "", "Concentration of ability to pay (Beta; inf makes all citizens equal)",
        DEFINITION, gt=0,
    )  # fmt: skip
    taste_mean: float = parameter(
        0.0, "μ_ℓ", "", "Mean taste: 1 for approved goods only, −1 for disapproved ones only (M8)",
        DEFINITION, ge=-1, le=1,
    )  # fmt: skip
    taste_spread: float = parameter(
        0.5, "σ_ℓ", "", "Standard deviation of taste before truncation to [−1, 1] (M8)",
        DEFINITION, ge=0, le=10,
    )  # fmt: skip
