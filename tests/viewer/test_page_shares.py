"""What leaves the page or comes to it: addresses, files, stored runs, other visitors."""

import re

import pytest
from pages import READY, fingerprint, state, stepped, visiting
from visitor import serving

from model.world import World

pytestmark = pytest.mark.browser


def test_an_address_that_cannot_be_says_so_and_shows_the_first_society(browser, address):
    for wrong in ("scenario=nowhere", "scenario=exit&set.program=x", "scenario=exit&set.seed=1e30",
                  "scenario=exit&set.citizens=1000000",
                  "scenario=exit&period=99999999"):  # fmt: skip
        with visiting(browser, f"{address}#{wrong}") as page:
            assert state(page, "rules.scenario") == "guilt_by_association"
            assert state(page, "n") == 1_000


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
        page.wait_for_timeout(200)
        assert re.search(r"association penalty [\d.]+, conformity [\d.]+ \(replicate \d\): press "
                         "Play", page.inner_text("#told"))  # fmt: skip
        page.evaluate("() => document.querySelector('#speed').value = 100")
        page.locator("#speed").dispatch_event("input")
        page.click("#play")
        page.wait_for_function("() => scored.state.compared !== undefined", timeout=60_000)
        assert state(page, "compared") is True
        assert state(page, "period") == 15


def test_one_step_back_is_the_society_before(page):
    stepped(page, 4)
    prints = state(page, "fingerprints")
    page.select_option("#scenario", "exit")
    page.wait_for_function("() => scored.state.ready && scored.state.rules.scenario === 'exit'")
    stepped(page, 2)
    page.go_back()
    page.wait_for_function("() => scored.state.ready && scored.state.rules.scenario !== 'exit'")
    assert state(page, "period") == 4
    assert state(page, "fingerprints") == prints
    page.go_forward()
    page.wait_for_function("() => scored.state.ready && scored.state.rules.scenario === 'exit'")
    assert state(page, "fingerprints") == [fingerprint("exit", 2, citizens=300)]


def test_an_address_keeps_its_period_while_it_is_lived_to(browser, address):
    place = browser.new_context()
    place.add_init_script("localStorage.setItem('scored-society-introduced', 'yes')")
    page = place.new_page()
    page.goto(address + "#scenario=guilt_by_association&set.citizens=2000&period=6000")
    page.wait_for_function("() => window.scored && scored.state.worlds")
    assert not state(page, "ready")
    assert "period=6000" in page.url
    place.close()


def test_a_refused_address_gives_way_to_what_is_shown(page):
    stepped(page, 3)
    page.evaluate("() => { location.hash = '#scenario=nowhere'; }")
    page.wait_for_selector("#told:has-text('nowhere')")
    assert "scenario=guilt_by_association" in page.url
    assert "period=3" in page.url
