"""What people see of a society in a real browser: picture, stories, screens of three sizes."""

import re

import pytest
from pages import READY, colours_of, state, stepped, visiting
from visitor import serving

pytestmark = pytest.mark.browser


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


def test_escape_closes_what_is_open(page):
    page.locator("body").press("?")
    page.wait_for_selector("#intro[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#intro:not([open])", state="attached")


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


def test_people_are_called_by_their_names(browser, tmp_path):
    network = tmp_path / "club.csv"
    network.write_text("source,target\nAnna,Bela\nBela,Carl\nCarl,Anna\nCarl,Dora\n")
    with (
        serving("--network", str(network)) as (port, _),
        visiting(browser, f"http://127.0.0.1:{port}/") as page,
    ):
        place = page.evaluate("""() => { const p = scored.state.pictures[0];
            const box = p.host.getBoundingClientRect();
            return [box.left + p.xs[1] / p.ratio, box.top + p.ys[1] / p.ratio]; }""")
        page.mouse.move(*place)
        page.wait_for_selector("#tip:not([hidden])")
        assert page.inner_text("#tip").startswith("Bela: ")
        page.mouse.click(*place)
        page.wait_for_selector("#story:not([hidden]) h2")
        assert page.inner_text("#story h2") == "Bela"


def test_fingers_move_and_widen_the_picture_and_choose(browser, address):
    url = address + "#scenario=guilt_by_association&set.citizens=200"
    with visiting(browser, url, 1024, 768, has_touch=True) as page:
        line = page.context.new_cdp_session(page)
        box = page.locator(".picture .sheet").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

        def touch(kind, *points):
            line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [
                {"x": a, "y": b, "id": k} for k, (a, b) in enumerate(points)]})  # fmt: skip

        touch("touchStart", (x - 40, y), (x + 40, y))
        for apart in (60, 90, 120):
            touch("touchMove", (x - apart, y), (x + apart, y))
        touch("touchEnd")
        zoom = state(page, "view.zoom")
        assert 2.0 < zoom < 4.0, "fingers thrice as far apart"
        assert state(page, "chosen") == -1
        before = state(page, "view.x")
        touch("touchStart", (x, y))
        for far in (20, 40, 60):
            touch("touchMove", (x + far, y))
        touch("touchEnd")
        assert state(page, "view.x") - before == pytest.approx(60, abs=8)
        assert state(page, "chosen") == -1
        page.locator("body").press("f")
        page.wait_for_timeout(300)
        place = page.evaluate("""() => { const p = scored.state.pictures[0];
            return [p.xs[7] / p.ratio, p.ys[7] / p.ratio]; }""")
        page.touchscreen.tap(box["x"] + place[0], box["y"] + place[1])
        page.wait_for_selector("#story:not([hidden]) h2")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768), (768, 1024)])
def test_twins_hide_nothing(browser, address, width, height):
    url = address + "#scenario=guilt_by_association&scenario2=no_institution&set.citizens=200"
    with visiting(browser, url, width, height) as page:
        stepped(page, 2)
        sheets = [one.bounding_box() for one in page.locator(".picture .sheet").all()]
        titles = [one.bounding_box() for one in page.locator(".picture .title").all()]
        for sheet, title in zip(sheets, titles, strict=True):
            assert sheet["y"] + sheet["height"] <= title["y"] + 1, "words stand below the people"
        for chart in page.locator("#charts canvas").all():
            box = chart.bounding_box()
            assert box["x"] + box["width"] <= width + 1
            assert box["y"] + box["height"] <= height + 1
            assert box["height"] > 40
            assert box["width"] > 100
