"""The page in a real browser: presented frames, delays, and memory of visitors.

Needs playwright and a chromium (``SCORED_CHROMIUM``, or the one in the path), as `make
test-browser` installs them; without them these figures are left out.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from experiments.bench.figures import Figure

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
          "--disable-background-networking", "--disable-component-update",
          "--disable-sync"]  # fmt: skip
_READY = """() => window.scored && scored.state.ready
            && scored.state.pictures.every((one) => one.place && one.drawn > 0)"""
_RATES = """async (seconds) => {
    const now = () => [performance.now(), scored.state.period, scored.state.pictures[0].drawn];
    const before = now();
    await new Promise((done) => setTimeout(done, 1000 * seconds));
    const after = now();
    const took = (after[0] - before[0]) / 1000;
    return [(after[1] - before[1]) / took, (after[2] - before[2]) / took]; }"""
_CLICK = """async () => {
    const before = scored.state.period, begun = performance.now();
    document.querySelector('#step').click();
    const picture = scored.state.pictures[0];
    const drawn = picture.drawn;
    while (scored.state.period === before || picture.drawn === drawn)
        await new Promise(requestAnimationFrame);
    return performance.now() - begun; }"""


def viewer_figures(quick: bool) -> list[Figure]:
    """Frames a second, delays and memory of the page and its server."""
    chromium = os.environ.get("SCORED_CHROMIUM") or shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        chromium = None
    if not chromium:
        return []
    seconds = 4.0 if quick else 10.0
    with _serving() as (address, process), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=_FLAGS)
        _open(browser, f"{address}#scenario=guilt_by_association&set.citizens=200").close()
        found = [_first_picture(browser, address)]
        found += _many(browser, address, seconds)
        found.append(_small(browser, address, seconds))
        browser.close()
        found.append(_memory(address, process, 4 if quick else 10))
    return found


@contextmanager
def _serving() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "experiments.cli", "view", "--port", "0"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None  # noqa: S101  (a pipe)
        told = re.search(r"http://\S+/", process.stdout.readline())
        if told is None:
            raise RuntimeError("the server didn't start")
        yield told[0], process
    finally:
        process.terminate()
        process.wait(20)


def _open(browser: Any, url: str) -> Any:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_init_script("localStorage.setItem('scored-society-introduced', 'yes')")
    page = context.new_page()
    page.goto(url)
    page.wait_for_function(_READY, timeout=120_000)
    return page


def _first_picture(browser: Any, address: str) -> Figure:
    """Seeds that nobody drew before, so that the layout is computed."""
    took = []
    for _ in range(5):
        seed = time.time_ns() % 10**9
        begun = time.perf_counter()
        page = _open(browser, f"{address}#scenario=guilt_by_association&set.citizens=2000"
                              f"&set.seed={seed}")  # fmt: skip
        took.append(time.perf_counter() - begun)
        page.context.close()
    return Figure("first picture", statistics.median(took), "s", "≤ 3",
                  "2,000 citizens, layout computed; median of 5")  # fmt: skip


def _many(browser: Any, address: str, seconds: float) -> list[Figure]:
    page = _open(browser, f"{address}#scenario=guilt_by_association&set.citizens=20000"
                          "&set.mean_degree=8")  # fmt: skip
    clicks = [page.evaluate(_CLICK) for _ in range(15)]
    page.evaluate("() => scored.line.ask('speed', {periods: 60})")
    page.click("#play")
    page.wait_for_timeout(1_500)
    periods, frames = page.evaluate(_RATES, seconds)
    page.context.close()
    shape = "20,000 citizens, 80,000 ties, 1280×720, no graphics card"
    return [
        Figure("frames presented", frames, "/s", "≥ 24", f"{shape}; {periods:.0f} periods/s"),
        Figure("click to frame", statistics.median(clicks), "ms", "≤ 200",
               f"{shape}; median of {len(clicks)}, at most {max(clicks):.0f}"),
    ]  # fmt: skip


def _small(browser: Any, address: str, seconds: float) -> Figure:
    page = _open(browser, f"{address}#scenario=guilt_by_association&set.citizens=2000")
    page.evaluate("() => scored.line.ask('speed', {periods: 60})")
    page.click("#play")
    page.wait_for_timeout(1_500)
    periods, frames = page.evaluate(_RATES, seconds)
    page.context.close()
    return Figure("periods", periods, "/s", "≥ 60", f"2,000 citizens, 60 asked for; {frames:.0f} "
                  "frames/s")  # fmt: skip


def _memory(address: str, process: subprocess.Popen[str], visitors: int) -> Figure:
    """What an idle visitor costs beyond the world itself."""
    from websockets.sync.client import connect

    from model.world import World

    world = sum(World("guilt_by_association", citizens=20_000, threads=1).nbytes().values())
    line = address.replace("http", "ws") + "line"
    ask = ('{"op": "open", "period": 20, "rules": {"scenario": "guilt_by_association", '
           '"parameters": {"citizens": 20000}}}')  # fmt: skip
    sizes = []
    with ExitStack() as lines:
        for k in range(visitors + 1):
            one = lines.enter_context(connect(line, max_size=None))
            one.send(ask)
            _until_state(one)
            if k in (0, visitors):
                time.sleep(1.0)
                sizes.append(_resident(process.pid))
    each = (sizes[1] - sizes[0]) / visitors - world
    return Figure("memory of an idle visitor", each / 2**20, "MB", "≤ 30",
                  f"20,000 citizens at period 20, beyond the world's {world / 2**20:.0f} MB; "
                  f"{visitors} visitors")  # fmt: skip


def _until_state(line: Any) -> None:
    told: str | bytes = b""
    while not (isinstance(told, str) and '"kind": "state"' in told):
        told = line.recv(timeout=60)


def _resident(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) * 1024
