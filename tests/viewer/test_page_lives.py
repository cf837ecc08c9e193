"""What a visitor does to a society in a real browser, and what the society does."""

import pytest
from pages import READY, fingerprint, pixels, rest, serving_page, state, stepped, visiting

from model.scenario import bundled, load

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", bundled())
def test_every_scenario_lives(browser, address, name):
    with visiting(browser, f"{address}#scenario={name}&set.citizens=300") as page:
        stepped(page, 6)
        assert state(page, "fingerprints") == [fingerprint(name, 6, citizens=300)]
        assert load(name).title in page.inner_text("#story-of-rules")
        assert page.evaluate(
            "() => scored.state.pictures[0].many === scored.state.societies[0].ties"
        )
        seen = sum(pixels(page, one) for one in ("dissent", "silence", "praise"))
        assert seen > 300 * 20, "300 people, each of more than 20 pixels"


def test_playing_and_pausing_by_button_and_key(page):
    page.click("#play")
    page.wait_for_function("() => scored.state.period >= 5")
    page.locator("body").press(" ")
    rest(page)
    period = state(page, "period")
    assert page.inner_text("#play") == "▶ Play"
    assert f"period {period}" == page.inner_text("#period")
    assert state(page, "fingerprints") == [fingerprint(periods=period, citizens=300)]
    page.wait_for_timeout(500)
    assert state(page, "period") == period
    page.locator("body").press("ArrowRight")
    page.wait_for_function(f"() => scored.state.period === {period + 1}")
    page.locator("body").press("r")
    page.wait_for_function("() => scored.state.ready && scored.state.period === 0")


def test_a_slider_moves_the_institution_and_marks_the_charts(page):
    stepped(page, 5)
    slider = page.locator("#p-detection-0")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowRight")
    page.wait_for_function("() => scored.state.marks.length === 1")
    value = float(page.input_value("#p-detection-1"))
    assert value == pytest.approx(0.15 + 20 / 200)
    stepped(page, 5)
    program = [{"parameter": "detection", "at": 6, "to": value}]
    assert state(page, "fingerprints") == [fingerprint(periods=10, citizens=300, program=program)]
    assert state(page, "marks[0].at") == 6
    assert "from=6%3Adetection" in page.url
    meaning = page.locator(".parameter", has=page.locator("#p-detection-0")).get_attribute("title")
    assert "recorded" in meaning
    assert "Source" in meaning


def test_what_decides_the_beginning_waits_for_it(page):
    stepped(page, 2)
    page.evaluate(
        "() => document.querySelectorAll('#parameters details').forEach((d) => d.open = true)"
    )
    page.fill("#p-conformity-1", "0.9")
    page.locator("#p-conformity-1").press("Tab")
    page.wait_for_function("() => document.querySelector('#reset').classList.contains('due')")
    assert state(page, "period") == 2
    page.click("#reset")
    page.wait_for_function("() => scored.state.ready && scored.state.period === 0")
    stepped(page, 3)
    assert state(page, "fingerprints") == [fingerprint(periods=3, citizens=300, conformity=0.9)]


def test_a_society_that_cannot_be_leaves_the_one_that_is(page):
    stepped(page, 3)
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => one.open = true)")
    page.fill("#p-citizens-0", "50000")
    page.locator("#p-citizens-0").press("Tab")
    page.click("#reset")
    page.wait_for_selector("#told:has-text('at most 20,000')")
    stepped(page, 2)
    assert state(page, "period") == 5
    assert "50000" not in page.url
    page.click("#play")
    page.wait_for_function("() => scored.state.period > 8")


def test_the_button_says_what_the_society_does(page):
    page.evaluate("""() => { for (const id of ['step', 'play', 'play', 'play', 'step', 'play'])
        document.getElementById(id).click(); }""")
    page.wait_for_timeout(1_000)
    before = state(page, "period")
    page.wait_for_timeout(700)
    moving = state(page, "period") > before
    assert ("Pause" in page.inner_text("#play")) == moving


def test_rules_of_one_society_are_not_written_into_the_next(page):
    stepped(page, 4)
    page.evaluate("""() => {
        scored.line.ask('change', {name: 'detection', value: 0.9, world: 0});
        const select = document.querySelector('#scenario');
        select.value = 'exit';
        select.dispatchEvent(new Event('change')); }""")
    page.wait_for_function("() => scored.state.ready && scored.state.rules.scenario === 'exit'")
    assert state(page, "rules.changes") == []
    assert "detection" not in page.url


def test_an_impossible_value_is_refused_and_put_back(page):
    page.fill("#p-detection-1", "7")
    page.locator("#p-detection-1").press("Tab")
    page.wait_for_function(
        "() => document.querySelector('#told').textContent.includes('detection')"
    )
    page.wait_for_timeout(200)
    assert page.input_value("#p-detection-1") == "0.15"


def test_twin_worlds_stand_side_by_side(page):
    page.select_option("#twin", "no_institution")
    page.wait_for_function("() => scored.state.pictures.length === 2")
    page.wait_for_function(READY)
    stepped(page, 20)
    assert state(page, "fingerprints") == [
        fingerprint(periods=20, citizens=300),
        fingerprint("no_institution", 20, citizens=300),
    ]
    quiet = page.evaluate("() => scored.state.pictures[0].quieter()")
    assert quiet > 50
    assert pixels(page, "differ") > 20 * quiet * 0.5
    page.click("#differ")
    page.wait_for_timeout(300)
    assert pixels(page, "differ") == 0
    page.click("input[name=whose][value='1']")
    page.fill("#p-detection-1", "0.5")
    page.locator("#p-detection-1").press("Tab")
    page.wait_for_function("() => scored.state.twin.changes.length === 1")
    assert state(page, "rules.changes") == []
    assert "from2=21%3Adetection%3A0.5" in page.url


def test_marks_say_what_was_changed_and_whose_it_was(page):
    page.select_option("#twin", "no_institution")
    page.wait_for_function("() => scored.state.pictures.length === 2 && scored.state.ready")
    stepped(page, 4)
    for world, value in ((0, "0.4"), (1, "0.6")):
        page.click(f"input[name=whose][value='{world}']")
        page.fill("#p-detection-1", value)
        page.locator("#p-detection-1").press("Tab")
        page.wait_for_function(f"() => scored.state.marks.length === {world + 1}")
    page.wait_for_timeout(300)
    assert page.locator("#charts .marks li").all_inner_texts() == [
        "period 5: detection = 0.4 (left)",
        "period 5: detection = 0.6 (right)",
    ]
    key = page.locator("#charts .key span").all_inner_texts()
    assert key == [load("guilt_by_association").title, load("no_institution").title]
    dashed = "(one) => getComputedStyle(one).borderTopStyle"
    styles = [page.locator(f"#charts .key i.{side}").evaluate(dashed) for side in ("left", "right")]
    assert styles == ["solid", "dashed"]


def test_what_waits_is_of_the_society_for_which_it_was_said(page):
    page.select_option("#twin", "no_institution")
    page.wait_for_function("() => scored.state.pictures.length === 2 && scored.state.ready")
    page.evaluate(
        "() => document.querySelectorAll('#parameters details').forEach((d) => d.open = true)"
    )
    page.click("input[name=whose][value='1']")
    page.fill("#p-influence-1", "0.31")
    page.locator("#p-influence-1").press("Tab")
    page.fill("#p-citizens-0", "150")  # the same people live in both
    page.locator("#p-citizens-0").press("Tab")
    page.click("input[name=whose][value='0']")
    assert page.input_value("#p-influence-1") != "0.31"
    assert page.input_value("#p-citizens-0") == "150"
    page.click("#reset")
    page.wait_for_function("() => scored.state.ready && scored.state.n === 150")
    assert state(page, "twin.parameters.influence") == 0.31
    assert "influence" not in state(page, "rules.parameters")


@pytest.mark.parametrize(("typed", "kept"), [("12", 12), ("18446744073709551615", 2**64 - 1)])
def test_a_seed_is_sown(page, typed, kept):
    page.fill("#seed", typed)
    page.locator("#seed").press("Enter")
    page.wait_for_function(
        f"() => scored.state.ready && String(scored.state.rules.parameters.seed) === '{typed}'"
    )
    stepped(page, 2)
    assert page.input_value("#seed") == typed
    assert state(page, "fingerprints") == [fingerprint(periods=2, citizens=300, seed=kept)]


@pytest.mark.parametrize("typed", ["-3", "1.5", "abc", "", "18446744073709551616"])
def test_what_is_no_seed_is_said_and_put_back(page, typed):
    before = page.input_value("#seed")
    page.fill("#seed", typed)
    page.locator("#seed").press("Tab")
    page.wait_for_selector("#told:has-text('no whole number')")
    assert page.input_value("#seed") == before
    assert state(page, "period") == 0


def test_who_asks_again_gets_what_was_asked_for_last(page):
    page.evaluate("""() => { const select = document.querySelector('#scenario');
        for (const name of ['exit', 'arrests', 'conduct_only']) {
            select.value = name; select.dispatchEvent(new Event('change')); } }""")
    page.wait_for_function(
        "() => scored.state.ready && scored.state.rules.scenario === 'conduct_only'"
    )
    stepped(page, 2)
    assert state(page, "fingerprints") == [fingerprint("conduct_only", 2, citizens=300)]


def test_a_refusal_in_between_leaves_what_is_on_the_screen(page):
    stepped(page, 3)
    prints = state(page, "fingerprints")
    page.evaluate("""() => { location.hash = '#scenario=exit&period=200&set.citizens=2000'; }""")
    page.evaluate("""() => new Promise((done) => setTimeout(() => {
        location.hash = '#scenario=nowhere'; done(); }, 60))""")
    page.wait_for_selector("#told:has-text('nowhere')")
    page.wait_for_function("() => scored.state.ready && scored.state.asked === null")
    if state(page, "rules.scenario") == "guilt_by_association":  # the first was not open yet
        assert state(page, "fingerprints") == prints
    stepped(page, 1)


def test_the_scenarios_own_program_is_shown_and_not_fought(browser, tmp_path):
    file = tmp_path / "ramped.toml"
    file.write_text(
        'title = "Ramped"\nstory = "x"\n[population]\ncitizens = 200\n'
        '[[program]]\nparameter = "detection"\nfrom = 5\nuntil = 15\nto = 0.65\n'
    )
    with (
        serving_page(str(file)) as url,
        visiting(browser, url) as page,
    ):
        stepped(page, 9)
        assert page.input_value("#p-detection-1") == "0.4"  # in period 10: half of the way from .15
        assert page.locator("#charts .marks li").all_inner_texts() == [
            "period 5: the program moves detection to 0.65, until 15"
        ]
        page.fill("#p-detection-1", "0.9")
        page.locator("#p-detection-1").press("Tab")
        page.wait_for_selector("#told:has-text('own program until period 15')")
