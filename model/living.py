"""A citizen's period where mechanisms beyond the score are in force, up to the choice of friends.

Pure functions over what a citizen is, sees and draws: the Mesa citizen and the full compiled
engine both call them, so the sequence of events is written once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from model.chance import Purpose, draw, draws
from model.choices import ExpressionRule, Operators
from model.rules.belief import next_belief
from model.rules.blocklist import is_guilty_by_following, worth_of_audience
from model.rules.conviction import next_conviction
from model.rules.detention import dread, is_arrested, periods_left
from model.rules.enforcement import enforces, pressure
from model.rules.enrolment import chance_to_enrol, is_mandatory
from model.rules.expression import linear, logit_choice, stance, threshold, utilities
from model.rules.flaunting import flaunts, social_stake
from model.rules.friendship import reviews
from model.rules.leaving import chance_to_leave_the_grid
from model.rules.lifestyle import next_lifestyle
from model.rules.marker import rule
from model.rules.operators import as_first_sees, as_second_sees, combined
from model.rules.precarity import benefits_held, next_wealth
from model.rules.records import ByOperator, CitizenState, Glance, Life, Scene, acting
from model.rules.scoring import can_cost, given
from model.rules.spiral import dares, next_climate
from model.rules.strategy import record_of_act, strategic_act
from model.rules.surveillance import believed_detection, gravity_of, has_news, record
from model.rules.whitelist import standing_at_stake
from model.rules.worth import ScoringRule, weight_of_score

if TYPE_CHECKING:
    from model.parameters import Citizens, Institution

_ONE, _MERGED = int(Operators.one), int(Operators.merged)
_NEWS, _ARREST, _GUILT = int(Purpose.news), int(Purpose.arrest), int(Purpose.guilt)
_FIRST_OPERATOR = int(Purpose.first_operator)
_QUANTAL, _THRESHOLD = int(ExpressionRule.quantal), int(ExpressionRule.threshold)
_STRATEGIC = int(ExpressionRule.strategic)
_LINEAR, _SPIRAL = int(ExpressionRule.linear), int(ExpressionRule.spiral)


class Luck(NamedTuple):
    """A citizen's draws of a period."""

    news: float
    expression: float
    surveillance: float
    review: float
    arrest: float
    enrolment: float
    flaunting: float
    exit: float
    guilt: float
    first_operator: float
    second_operator: float


@rule
def luck_of(i, follows: bool, institution: Institution, key, period) -> Luck:
    """Citizen ``i``'s draws; those that no mechanism in force needs are not made."""
    u_news, u_expression, u_surveillance, u_review = draws(key, _NEWS, period, i, 0)
    u_arrest, u_enrolment, u_flaunting, u_exit = draws(key, _ARREST, period, i, 0)
    u_guilt, u_first, u_second = 1.0, 1.0, 1.0
    if follows:
        u_guilt = draw(key, _GUILT, period, i, 0)
    if institution.operators != _ONE:
        u_first, u_second, _, _ = draws(key, _FIRST_OPERATOR, period, i, 0)
    return Luck(
        u_news, u_expression, u_surveillance, u_review, u_arrest, u_enrolment, u_flaunting, u_exit,
        u_guilt, u_first, u_second,
    )  # fmt: skip


class Lived(NamedTuple):
    """What came of a period."""

    said: float
    recorded: float
    """Gravity of what was recorded, 0 for nothing."""
    arrested: bool
    score: float
    conviction: float
    reviewing: bool
    """Whether the costliest friendship is to be reviewed."""
    sociable: bool
    """Whether a new friend may be looked for."""
    life: Life
    stake: float
    belief: float
    lifestyle: float
    wealth: float


@rule
def is_present(life: Life) -> bool:
    """Whether a citizen takes part in public life: neither detained nor off the grid."""
    return life.detained == 0.0 and life.off_grid == 0.0


@rule
def utilities_among_friends(
    citizen: CitizenState,
    life: Life,
    glance: Glance,
    scene: Scene,
    gravity: float,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
) -> tuple[float, float]:
    """Utility of dissent and of praise with all that a record may bring, and with peer pressure.

    To the utilities of the score, ``U(+1) −= κλ·(ν̂ − ν̂₀)·T + p_e·Ē`` and
    ``U(−1) += κλ·ν̂₀·T + p_e·Ē``, where T is what a record threatens with besides points: arrest
    (M11), the place on the whitelist (M12), the audience (M15). Both are relative to silence.
    """
    dissent, praise = utilities(citizen, glance, gravity, institution, citizens, scoring)
    threat = (
        dread(institution, citizens)
        + standing_at_stake(life.clean, institution, citizens)
        + worth_of_audience(institution, citizens)
    )
    feared = weight_of_score(citizen, citizens) * threat
    unspoken = citizens.believed_false_alarm * feared
    pressed = pressure(scene, citizens)
    dissent += unspoken - believed_detection(citizen, citizens) * feared - pressed
    return dissent, praise + unspoken + pressed


@rule
def say(
    citizen: CitizenState,
    life: Life,
    glance: Glance,
    scene: Scene,
    gravity: float,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
    u: float,
) -> float:
    """What is said in public: nothing in detention or off the grid, else by the expression rule."""
    if not is_present(life):
        return 0.0
    if citizens.expression_rule == _THRESHOLD:
        return threshold(citizen, glance, gravity, institution, citizens, scoring, u)
    if citizens.expression_rule == _STRATEGIC:
        desired = max(stance(citizen, glance), 0.0)
        watched = believed_detection(citizen, citizens)
        return strategic_act(desired, watched, citizen, institution, citizens)
    if citizens.expression_rule == _LINEAR:
        return linear(citizen, glance, gravity, institution, citizens, scoring, u)
    if citizens.expression_rule == _SPIRAL:
        return dares(climate_heard(citizen, life, glance, citizens), citizen)
    dissent, praise = utilities_among_friends(
        citizen, life, glance, scene, gravity, institution, citizens, scoring
    )
    return logit_choice(dissent, praise, citizens.rationality, u)


@rule
def climate_heard(citizen: CitizenState, life: Life, glance: Glance, citizens: Citizens) -> float:
    """What this period's look at the friends makes of the climate of opinion."""
    if citizens.expression_rule != _SPIRAL:
        return life.climate
    return next_climate(life.climate, citizen, glance)


@rule
def live(
    citizen: CitizenState,
    life: Life,
    taste: float,
    first_wealth: float,
    glance: Glance,
    by_operator: ByOperator,
    scene: Scene,
    luck: Luck,
    period: float,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
    own_rule: bool,
) -> Lived:
    """Speak, be recorded and scored, change one's mind, and all that follows from it."""
    news = has_news(citizens, luck.news)
    gravity = gravity_of(news, institution)
    said = say(
        citizen, life, glance, scene, gravity, institution, citizens, scoring, luck.expression
    )
    recorded = 0.0
    if life.enrolled > 0.0 and is_present(life):  # nobody else is watched
        if citizens.expression_rule == _STRATEGIC:
            recorded = record_of_act(said, institution, luck.surveillance)
        else:
            recorded = record(said, news, institution, luck.surveillance)
    by_first, by_second = recorded, recorded
    if institution.operators != _ONE:
        by_first = recorded if luck.first_operator < institution.first_sees_conduct else 0.0
        by_second = recorded if luck.second_operator < institution.second_sees_conduct else 0.0
        recorded = max(by_first, by_second)
        if institution.operators == _MERGED:
            by_first, by_second = recorded, recorded
    acted = acting(citizen, said, recorded)
    score = citizen.base_score  # what one would get
    first_score = second_score = score
    if life.enrolled > 0.0:
        if institution.operators == _ONE:
            score = given(scoring(acted, glance, institution))
            first_score = second_score = score
        else:
            first = as_first_sees(acted, life, by_first, institution)
            second = as_second_sees(acted, life, by_second, institution)
            first_score = given(scoring(first, by_operator.first, institution))
            second_score = given(scoring(second, by_operator.second, institution))
            score = combined(first_score, second_score, institution)
    # who is away has no public face to come to believe in
    faced = acted if is_present(life) else acting(citizen, citizen.conviction, recorded)
    conviction = next_conviction(faced, glance, citizens)
    arrested = is_arrested(recorded, institution, luck.arrest)
    sociable = is_present(life) and not arrested
    burdened = own_rule or can_cost(glance.mean_gravity, institution)
    reviewing = burdened and reviews(glance.friends, institution, citizens, luck.review)
    after = next_life(
        acted, life, glance, scene, luck, period, score, arrested, by_first, by_second,
        first_score, second_score, institution, citizens, scoring,
    )  # fmt: skip
    belief = citizen.belief
    if citizens.learning > 0.0:
        belief = next_belief(belief, glance, scene, citizens)
    return Lived(
        said,
        recorded,
        arrested,
        score,
        conviction,
        reviewing and sociable,
        sociable,
        after,
        social_stake(after.enrolled > 0.0, scene, citizens),
        belief,
        next_lifestyle(taste, acted, glance.friends, institution, citizens, scoring),
        next_wealth(
            citizen.wealth,
            first_wealth,
            benefits_held(score, institution) if life.enrolled > 0.0 else 0.0,
            citizens,
        ),
    )


@rule
def next_life(
    acted: CitizenState,
    life: Life,
    glance: Glance,
    scene: Scene,
    luck: Luck,
    period: float,
    score: float,
    arrested: bool,
    by_first: float,
    by_second: float,
    first_score: float,
    second_score: float,
    institution: Institution,
    citizens: Citizens,
    scoring: ScoringRule,
) -> Life:
    """The rest of a citizen's life after this period; ``score`` is the new one."""
    recorded = acted.gravity > 0.0
    present = is_present(life)
    detained = periods_left(life.detained, arrested, float(institution.detention))
    # on a block list for what one said, or for whom one follows
    for_own_words = recorded and institution.reach < 1.0
    guilty = (
        present
        and life.enrolled > 0.0
        and life.listed == 0.0  # else guilt would prolong a listing, and pass itself on
        and is_guilty_by_following(scene.listed_followed, institution, luck.guilt)
    )
    barred = periods_left(life.barred, for_own_words or guilty, float(institution.barred_for))
    listed = for_own_words or (life.listed > 0.0 and barred > 0.0)
    leaves = (
        life.enrolled > 0.0
        and present
        and not arrested
        and luck.exit < chance_to_leave_the_grid(acted, institution, citizens)
    )
    off_grid = life.off_grid > 0.0 or leaves
    enrolled = life.enrolled > 0.0 or is_mandatory(period + 1.0, institution)
    if not enrolled and present:
        enrolled = luck.enrolment < chance_to_enrol(acted, scene, institution, citizens)
    enrolled = enrolled and not off_grid
    shows = enrolled and detained == 0.0 and flaunts(score, institution, citizens, luck.flaunting)
    presses = 0.0
    presses_at_all = citizens.peer_pressure > 0.0 and citizens.expression_rule == _QUANTAL
    if presses_at_all and present and not arrested and not off_grid:
        presses = enforces(acted, glance, scene, institution, citizens, scoring)
    clean = life.clean
    if recorded:
        clean = 0.0
    elif present and life.enrolled > 0.0:  # nobody else could have been recorded
        clean += 1.0
    since = life.since
    if not enrolled:
        since = -1.0
    elif since < 0.0:
        since = period + 1.0
    return Life(
        1.0 if enrolled else 0.0,
        1.0 if shows else 0.0,
        1.0 if off_grid else 0.0,
        presses,
        1.0 if life.accused > 0.0 or (recorded and acted.expression == 0.0) else 0.0,
        detained,
        barred,
        clean,
        since,
        1.0 if listed else 0.0,
        by_first,
        by_second,
        first_score,
        second_score,
        climate_heard(acted, life, glance, citizens),
    )
