"""The page in a real browser: opening it, and looking at what it has."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager

from visitor import serving

from model.scenario import load
from model.world import World

CHROMIUM = os.environ.get("SCORED_CHROMIUM") or shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]  # fmt: skip
READY = """() => window.scored && scored.state.ready
           && scored.state.pictures.every((one) => one.place && one.drawn > 0)"""


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


@contextmanager
def serving_page(*options):
    """The address of a server of one's own."""
    with serving(*options) as (port, _):
        yield f"http://127.0.0.1:{port}/"
