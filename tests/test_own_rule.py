"""A researcher's own scoring rule, and edits of rules, take effect at once in both engines."""

import functools
import math
import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from numba.extending import register_jitable

import model
from model.compilation import fingerprint
from model.errors import InputError
from model.society import Society
from model.world import World

ROOT = Path(__file__).parents[1]


def forgiving(citizen, glance, institution):
    """Only a majority of recorded friends costs anything; silence heals."""
    change = 0.02 * (citizen.base_score - citizen.score)
    if citizen.gravity > 0:
        change -= institution.dissent_penalty
    if glance.share_flagged > 0.5:
        change -= institution.association_penalty
    if citizen.expression == 0:
        change += 2.0
    return citizen.score + change


@register_jitable
def helper(score):
    return 0.9 * score + 65.0


def with_helper(citizen, glance, institution):
    return helper(citizen.score) - 10.0 * citizen.gravity


def test_an_own_rule_runs_in_both_engines():
    for rule in (forgiving, with_helper):
        for schedule in ("synchronous", "random_order"):
            settings = dict(citizens=100, detection=0.5, schedule=schedule, friendship_value=0.05)
            a = World(scoring=rule, seed=3, **settings)
            b = Society(scoring=rule, rng=3, **settings)
            for _ in range(10):
                a.step()
                b.step()
                assert a.fingerprint() == b.fingerprint()
            table = World(seed=3, **settings)
            table.run(10)
            assert table.fingerprint() != a.fingerprint()


def test_citizens_respond_to_the_rule_in_force():
    """A rule that rewards dissent brings it out; nobody told the citizens but the rule."""

    def perverse(citizen, glance, institution):
        return citizen.score + (40.0 if citizen.gravity > 0 else -5.0)

    settings = dict(citizens=400, detection=0.5, stakes=4.0)
    rewarded, table = World(scoring=perverse, **settings), World(**settings)
    rewarded.run(10)
    table.run(10)
    assert (rewarded.expression > 0).mean() > 2 * (table.expression > 0).mean()


def test_a_rule_that_cannot_be_compiled_is_explained():
    def unruly(citizen, glance, institution):
        return float(str(citizen.score))

    with pytest.raises(InputError, match="'unruly' cannot be compiled"):
        World(scoring=unruly, citizens=20).step()
    society = Society(scoring=unruly, rng=1, citizens=20)
    society.step()  # the Mesa engine takes any Python


def test_a_fingerprint_sees_helpers_and_constants():
    code = "def helper(x): return {a} * x\nlimit = {b}\ndef rule(c, g, i): return helper(c) + limit"

    def rule(a, b):
        space = {}
        exec(code.format(a=a, b=b), space)
        return space["rule"]

    assert fingerprint(rule(1, 2)) == fingerprint(rule(1, 2))
    assert fingerprint(rule(1, 2)) != fingerprint(rule(1, 3))
    assert fingerprint(rule(1, 2)) != fingerprint(rule(2, 2))
    assert fingerprint(rule(1, 23)) != fingerprint(rule(12, 3))


def test_a_fingerprint_sees_every_entry_of_a_table():
    """Printed, a long table leaves out its middle."""

    def rule_with(table):
        return lambda citizen, glance, institution: citizen.score - table[1]

    table = np.zeros(5000)
    other = table.copy()
    other[2500] = 1.0
    assert repr(table) == repr(other)
    assert fingerprint(rule_with(table)) == fingerprint(rule_with(table.copy()))
    for make in (
        lambda t: t,
        lambda t: (1, t),
        lambda t: [t],
        lambda t: {0: 1, 2: t},
        lambda t: t.astype(np.int8),
    ):
        assert fingerprint(rule_with(make(table))) != fingerprint(rule_with(make(other)))
    assert fingerprint(rule_with(table)) != fingerprint(rule_with(table.reshape(50, 100)))


RUN = """
import sys
from model.world import World
scoring = None
if len(sys.argv) > 1:
    import mine
    scoring = mine.rule
world = World(citizens=60, detection=0.5, seed=1, scoring=scoring)
world.run(5)
print(world.fingerprint())
"""


def run_in(folder, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1",
                   "SCORED_CACHE_DIR": str(folder / "cache")}  # fmt: skip
    result = subprocess.run(
        [sys.executable, "-c", RUN, *arguments], cwd=folder, env=environment, text=True,
        capture_output=True, timeout=240,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_an_edited_rule_takes_effect_at_once(tmp_path):
    """Numba's own cache would go on with the old rule: it looks at the outermost file only."""
    package = tmp_path / "model"
    for path in Path(model.__file__).parent.rglob("*"):
        if path.suffix in (".py", ".toml"):
            copy = package / path.relative_to(Path(model.__file__).parent)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    first = run_in(tmp_path)
    assert run_in(tmp_path) == first
    scoring = package / "rules" / "scoring.py"
    text = scoring.read_text("utf-8")
    edited = text.replace(
        "change -= institution.dissent_penalty", "change -= 2.0 * institution.dissent_penalty"
    )
    assert edited != text
    scoring.write_text(edited, "utf-8")
    assert run_in(tmp_path) != first
    scoring.write_text(text, "utf-8")
    assert run_in(tmp_path) == first


def test_an_edited_own_rule_takes_effect_at_once(tmp_path):
    link = tmp_path / "model"
    link.symlink_to(Path(model.__file__).parent)
    helper = tmp_path / "helper.py"
    (tmp_path / "mine.py").write_text(
        "from helper import penalty\n"
        "def rule(citizen, glance, institution):\n"
        "    return citizen.score - penalty(citizen.gravity)\n"
    )
    text = (
        "from numba.extending import register_jitable\n"
        "@register_jitable\n"
        "def penalty(gravity):\n"
        "    return {} * gravity\n"
    )
    helper.write_text(text.format("20.0"))
    first = run_in(tmp_path, "mine")
    assert run_in(tmp_path, "mine") == first
    helper.write_text(text.format("40.0"))
    assert run_in(tmp_path, "mine") != first


def test_the_readmes_own_rule_runs_as_printed(capsys):
    text = (ROOT / "README.md").read_text("utf-8")
    (block,) = [part.split("```")[0] for part in text.split("```python\n")[1:]]
    space = {"__name__": "readme"}
    exec(compile(block, str(ROOT / "README.md"), "exec"), space)
    assert len(capsys.readouterr().out.splitlines()) == 2
    settings = dict(citizens=200, scoring=space["any_friend_will_do"])
    a, b = World(seed=1, **settings), Society(rng=1, **settings)
    a.step()
    b.step()
    assert a.fingerprint() == b.fingerprint()


def divides(citizen, glance, institution):
    return citizen.score + 0.0 * glance.share_flagged / glance.friends


def test_a_rule_that_gives_no_number_is_refused():
    graph = nx.path_graph(5)
    graph.add_node(5)  # without friends: 0 / 0
    with pytest.raises(InputError, match=r"no finite number for citizen 5 .*0 friends"):
        World("conduct_only", network=graph, scoring=divides).run(1)
    with pytest.raises((InputError, ZeroDivisionError)):
        Society("conduct_only", network=graph, scoring=divides, rng=1).step()


FINE = 5.0


def fine_of(citizen):
    return FINE * citizen.gravity


def with_global(citizen, glance, institution):
    return citizen.score - FINE - fine_of(citizen)


def test_a_changed_constant_takes_effect_in_the_same_process(monkeypatch):
    """As in a notebook; in a plain helper too, which need not be marked for the compiler."""
    found = []
    for fine in (5.0, 50.0):
        monkeypatch.setitem(globals(), "FINE", fine)
        settings = dict(citizens=60, scoring=with_global, detection=0.5)
        a, b = World(seed=1, **settings), Society(rng=1, **settings)
        for _ in range(3):
            a.step()
            b.step()
        assert a.fingerprint() == b.fingerprint()
        found.append(a.score.mean())
    assert found[0] > found[1] + 50


def misspelt(citizen, glance, institution):
    return citizen.score - glance.share_flaged


def two_arguments(citizen, glance):
    return citizen.score


def says_nothing(citizen, glance, institution):
    pass


def shouts(citizen, glance, institution):
    return "950"


def explodes(citizen, glance, institution):
    return citizen.score - 1.0 / glance.share_flagged


def infinite(citizen, glance, institution):
    return math.inf


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (misspelt, "a glance has no 'share_flaged'; did you mean 'share_flagged'"),
        (two_arguments, "takes 2 positional arguments but 3 were given"),
        (says_nothing, "returns None .* must return the new score"),
        (shouts, "returns '950'"),
        (explodes, "ZeroDivisionError"),
        (infinite, "returns inf"),
        (functools.partial(forgiving), "is not a function"),
    ],
)
@pytest.mark.parametrize("make", [World, Society])
def test_a_wrong_rule_is_refused_before_anything_runs(rule, says, make):
    with pytest.raises(InputError, match=says):
        make(citizens=20, scoring=rule)


def test_what_only_some_citizens_meet_is_refused_when_they_do():
    graph = nx.path_graph(5)
    graph.add_node(5)

    def infinite_if_alone(citizen, glance, institution):
        return math.inf if glance.friends == 0.0 else citizen.score

    def nothing_if_alone(citizen, glance, institution):
        return citizen.score if glance.friends > 0.0 else None

    with pytest.raises(InputError, match="no finite number for citizen 5"):
        World(network=graph, scoring=infinite_if_alone).run(1)
    with pytest.raises(InputError, match="no finite number for citizen 5"):
        Society(network=graph, scoring=infinite_if_alone, rng=1).step()
    with pytest.raises(InputError, match="returns None for somebody"):
        World(network=graph, scoring=nothing_if_alone).run(1)


def test_an_own_rule_is_compiled_once_for_all_processes(tmp_path):
    """The second process loads what the first one compiled: no new file in the cache."""
    (tmp_path / "mine.py").write_text(
        "from model import World\n"
        "def mine(citizen, glance, institution):\n"
        "    return citizen.score - 20.0 * citizen.gravity\n"
        "World('conduct_only', citizens=30, scoring=mine).run(1)\n"
    )
    environment = {**os.environ, "SCORED_CACHE_DIR": str(tmp_path / "cache")}
    files = []
    for _ in range(2):
        subprocess.run([sys.executable, str(tmp_path / "mine.py")], check=True, env=environment)
        files.append({path.name for path in (tmp_path / "cache").rglob("*.nbc")})
    assert files[0] == files[1] != set()


def test_a_rule_from_no_module_is_loaded_from_the_cache(tmp_path):
    """As in a notebook or from exec: there is nothing to import."""
    (tmp_path / "run.py").write_text(
        "from model import World\n"
        "space = {'__name__': 'nowhere'}\n"
        "exec('def mine(citizen, glance, institution):\\n"
        "    return citizen.score - 3.0', space)\n"
        "World(citizens=30, scoring=space['mine']).run(1)\n"
    )
    environment = {**os.environ, "SCORED_CACHE_DIR": str(tmp_path / "cache")}
    for _ in range(2):
        subprocess.run([sys.executable, str(tmp_path / "run.py")], check=True, env=environment)
