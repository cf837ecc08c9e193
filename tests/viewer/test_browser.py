"""The page in a real browser: what people see, click and share."""

import os
import re
import shutil
from contextlib import contextmanager

import pytest
from visitor import serving

from model.scenario import bundled, load
from model.world import World

pytestmark = pytest.mark.browser
CHROMIUM = os.environ.get("SCORED_CHROMIUM") or shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]  # fmt: skip
READY = """() => window.scored && scored.state.ready
           && scored.state.pictures.every((one) => one.place && one.drawn > 0)"""


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.fail("no chromium here: make test-browser installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield one
        one.close()


@pytest.fixture(scope="module")
def address():
    with serving() as (port, _):
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def visiting(browser, url, width=1280, height=720, **context):
    """A page without the introduction; fails if the console has anything to say."""
    place = browser.new_context(viewport={"width": width, "height": height}, **context)
    place.add_init_script("localStorage.setItem('scored-society-introduced', 'yes')")
    page = place.new_page()
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: request.url.startswith((url.split("#")[0], "data:", "blob:"))
            or told.append(f"loaded from elsewhere: {request.url}"))  # fmt: skip
    page.goto(url)
    page.wait_for_function(READY, timeout=60_000)
    yield page
    place.close()
    assert told == []


@pytest.fixture
def page(browser, address):
    with visiting(browser, address + "#scenario=guilt_by_association&set.citizens=300") as one:
        yield one


def state(page, what):
    return page.evaluate(f"() => scored.state.{what}")


def rest(page):
    page.wait_for_function("""() => scored.state.ready && !scored.state.playing
        && scored.state.fingerprintsOf === scored.state.period""")
    page.wait_for_timeout(300)  # charts and titles


def stepped(page, times):
    for _ in range(times):
        before = state(page, "period")
        page.click("#step")
        page.wait_for_function(f"() => scored.state.period > {before}")
    rest(page)


def fingerprint(name="guilt_by_association", periods=0, **parameters):
    world = World(load(name).replace(**parameters), threads=1)
    world.run(periods)
    return world.fingerprint()


def colours_of(page):
    """How many pixels of people's canvas have which colour (a word each)."""
    return page.evaluate("""() => {
        const count = {};
        for (const word of scored.state.pictures[0].pixels) count[word] = (count[word] || 0) + 1;
        return count; }""")


def pixels(page, name, k=0):
    """Pixels of the colour that the style sheet calls so."""
    return page.evaluate(
        """([name, k]) => {
        const hex = getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
        const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
        const word = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
        return scored.state.pictures[k].pixels.filter((one) => one === word).length; }""",
        [name, k],
    )


def test_the_introduction_has_three_steps_and_comes_once(browser, address):
    place = browser.new_context(viewport={"width": 1280, "height": 720})
    one = place.new_page()
    one.goto(address)
    one.wait_for_selector("#intro[open]")
    dialog = one.locator("#intro")
    for step in ("1 of 3", "2 of 3", "3 of 3"):
        assert step in dialog.inner_text()
        dialog.locator("button").last.click()
    assert not dialog.evaluate("(dialog) => dialog.open")
    one.reload()
    one.wait_for_function(READY)
    assert not one.locator("#intro").evaluate("(dialog) => dialog.open")
    one.keyboard.press("?")
    assert one.locator("#intro").evaluate("(dialog) => dialog.open")
    place.close()


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


def test_an_address_that_cannot_be_says_so_and_shows_the_first_society(browser, address):
    for wrong in ("scenario=nowhere", "scenario=exit&set.program=x", "scenario=exit&set.seed=1e30",
                  "scenario=exit&set.citizens=1000000",
                  "scenario=exit&period=99999999"):  # fmt: skip
        with visiting(browser, f"{address}#{wrong}") as page:
            assert state(page, "rules.scenario") == "guilt_by_association"
            assert state(page, "n") == 1_000


def test_the_button_says_what_the_society_does(page):
    page.evaluate("""() => { for (const id of ['step', 'play', 'play', 'play', 'step', 'play'])
        document.getElementById(id).click(); }""")
    page.wait_for_timeout(1_000)
    before = state(page, "period")
    page.wait_for_timeout(700)
    moving = state(page, "period") > before
    assert ("Pause" in page.inner_text("#play")) == moving


def test_escape_closes_what_is_open(page):
    page.locator("body").press("?")
    page.wait_for_selector("#intro[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#intro:not([open])", state="attached")


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


def test_an_address_and_a_reload_give_the_same_society(browser, page, address):
    stepped(page, 8)
    page.fill("#p-association_penalty-1", "200")
    page.locator("#p-association_penalty-1").press("Tab")
    page.wait_for_function("() => scored.state.marks.length === 1")
    stepped(page, 8)
    prints = state(page, "fingerprints")
    with visiting(browser, page.url) as other:
        assert state(other, "period") == 16
        assert state(other, "fingerprints") == prints
        assert state(other, "societies[0].series.length") == 17
        for one in (page, other):
            assert state(one, "pictures[0].many") == state(one, "societies[0].ties")
    page.click("#play")
    page.wait_for_function("() => scored.state.period > 24")
    page.wait_for_timeout(800)
    page.reload()
    page.wait_for_function(READY)
    period = state(page, "period")
    assert period > 16
    program = [{"parameter": "association_penalty", "at": 9, "to": 200.0}]
    assert state(page, "fingerprints") == [
        fingerprint(periods=period, citizens=300, program=program)
    ]


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


def test_a_citizen_is_found_clicked_and_told_of(page):
    stepped(page, 30)
    page.fill("#find-text", "17")
    page.locator("#find-text").press("Enter")
    page.wait_for_selector("#story:not([hidden]) h2")
    assert page.inner_text("#story h2") == "Citizen 17"
    assert "Score" in page.inner_text("#story")
    page.locator("body").press("Escape")
    page.wait_for_selector("#story", state="hidden")
    page.click("#fit")
    page.wait_for_timeout(300)
    place = page.evaluate("""() => { const p = scored.state.pictures[0];
        const box = p.host.getBoundingClientRect();
        return [box.left + p.xs[42] / p.ratio, box.top + p.ys[42] / p.ratio]; }""")
    page.mouse.move(*place)
    page.wait_for_selector("#tip:not([hidden])")
    assert re.match(r"Citizen \d+: (praises|keeps silent|dissents)", page.inner_text("#tip"))
    page.mouse.click(*place)
    page.wait_for_selector("#story:not([hidden]) h2")
    assert page.inner_text("#story h2").startswith("Citizen")


def test_zooming_panning_and_showing_all(page):
    box = page.locator(".picture").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.wheel(0, -600)
    page.wait_for_function("() => scored.state.view.zoom > 1.5")
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 260, steps=4)
    page.mouse.up()
    assert state(page, "chosen") == -1, "to drag is not to choose"
    page.locator("body").press("f")
    assert state(page, "view") == {"x": 0, "y": 0, "zoom": 1}


@pytest.mark.parametrize("by", ["conviction", "score", "withheld"])
def test_colours(page, by):
    stepped(page, 5)
    page.select_option("#colour", by)
    page.wait_for_function("() => scored.state.pictures[0].shade.length === 300")
    page.wait_for_timeout(300)
    assert len(colours_of(page)) > 20


@pytest.mark.parametrize(
    ("button", "name"),
    [("[data-export='series csv']", "series.csv"), ("[data-export='citizens parquet']",
     "citizens.parquet"), ("[data-export='scenario toml']", "scenario.toml"),
     ("[data-picture=png]", "society-3.png"), ("[data-picture=svg]", "society-3.svg")],
)  # fmt: skip
def test_files_to_take_home(page, tmp_path, button, name):
    stepped(page, 3)
    page.click(".menu summary")
    with page.expect_download() as got:
        page.click(button)
    assert got.value.suggested_filename == name
    file = tmp_path / name
    got.value.save_as(file)
    data = file.read_bytes()
    starts = {"csv": b'"period"', "parquet": b"PAR1", "toml": b"title", "png": b"\x89PNG",
              "svg": b"<svg"}[name.rsplit(".", 1)[1]]  # fmt: skip
    assert data.startswith(starts)
    if name.endswith("svg"):
        import xml.etree.ElementTree as ET

        root = ET.fromstring(data)
        assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 300
    if name.endswith("toml"):
        world = World(file, threads=1)
        world.run(3)
        assert [world.fingerprint()] == state(page, "fingerprints")


def test_a_sweep_is_taken_home(page, tmp_path):
    page.click(".menu summary")
    page.click("#sweep")
    page.select_option("#sweeping select", "dissent_penalty")
    got = []
    page.on("download", lambda download: got.append(download))
    page.click("#sweeping button:last-child")
    page.wait_for_timeout(1_500)
    assert sorted(one.suggested_filename for one in got) == ["scenario.toml", "study.toml"]


def test_two_visitors_dont_see_each_other(browser, address):
    with (
        visiting(browser, address + "#scenario=exit&set.citizens=200&set.seed=1") as one,
        visiting(browser, address + "#scenario=exit&set.citizens=200&set.seed=2") as other,
    ):
        stepped(one, 3)
        assert state(other, "period") == 0
        stepped(other, 1)
        assert state(one, "fingerprints") == [fingerprint("exit", 3, citizens=200, seed=1)]
        assert state(other, "fingerprints") == [fingerprint("exit", 1, citizens=200, seed=2)]


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768), (768, 1024)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_is_within_reach(browser, address, width, height, scheme):
    url = address + "#scenario=guilt_by_association&set.citizens=200"
    with visiting(browser, url, width, height, color_scheme=scheme) as page:
        stepped(page, 2)
        assert page.evaluate("() => document.documentElement.dataset.theme") == scheme
        for which in (
            "#play",
            "#reset",
            "#share",
            "#help",
            "#colour",
            "#charts canvas",
            ".picture",
        ):
            box = page.locator(which).first.bounding_box()
            assert box["x"] >= 0, which
            assert box["y"] >= 0, which
            assert box["x"] + box["width"] <= width + 1, which
            assert box["y"] + box["height"] <= height + 1, which
            assert box["width"] > 10, which
            assert box["height"] > 10, which
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_server_that_comes_back_finds_its_visitor(browser):
    with serving() as (port, _):
        place = browser.new_context()
        place.add_init_script("localStorage.setItem('scored-society-introduced', 'yes')")
        page = place.new_page()
        url = f"http://127.0.0.1:{port}/#scenario=guilt_by_association&set.citizens=200"
        page.goto(url)
        page.wait_for_function(READY)
        stepped(page, 4)
        prints = state(page, "fingerprints")
    page.wait_for_function("() => document.querySelector('#told').textContent.includes('gone')")
    with serving("--port", str(port)) as (again, _):
        assert again == port
        page.wait_for_function("() => scored.state.ready", timeout=30_000)
        assert state(page, "period") == 4
        assert state(page, "fingerprints") == prints
    place.close()


def test_a_full_house_is_said(browser):
    with serving("--sessions", "1") as (port, _):
        url = f"http://127.0.0.1:{port}/"
        with visiting(browser, url):
            place = browser.new_context()
            place.add_init_script("localStorage.setItem('scored-society-introduced', 'yes')")
            late = place.new_page()
            late.goto(url)
            late.wait_for_function(
                "() => document.querySelector('#told').textContent.includes('places are taken')"
            )
            place.close()


def test_a_sweep_is_browsed_and_a_run_of_it_watched(browser, tmp_path):
    import subprocess
    import sys

    subprocess.run(
        [sys.executable, "-m", "experiments.cli", "sweep", "association_and_conformity", "--out",
         str(tmp_path / "out"), "--replicates", "2", "--periods", "15", "--set", "citizens=100"],
        check=True, capture_output=True,
    )  # fmt: skip
    with (
        serving("--from", str(tmp_path / "out")) as (port, _),
        visiting(browser, f"http://127.0.0.1:{port}/") as page,
    ):
        page.locator("body").press("b")
        page.wait_for_selector("#browsing .plot .heatmaplayer image")
        box = page.locator("#browsing .plot .nsewdrag").bounding_box()
        page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4)
        page.wait_for_timeout(300)
        page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.4)
        page.wait_for_function("() => scored.state.watched && scored.state.ready")
        page.evaluate("() => document.querySelector('#speed').value = 100")
        page.locator("#speed").dispatch_event("input")
        page.click("#play")
        page.wait_for_function("() => scored.state.compared !== undefined", timeout=60_000)
        assert state(page, "compared") is True
        assert state(page, "period") == 15
