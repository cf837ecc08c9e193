"""Where people are drawn."""

import numpy as np
import pytest

from experiments.viewer.layout import Layouts, fingerprint, layout
from model.networks import build_network
from model.scenario import load


def pairs(*ties):
    source, target = np.array(ties, np.int32).reshape(-1, 2).T
    return source, target


def cliques(many, size):
    return pairs(*[(k * size + i, k * size + j)
                   for k in range(many) for i in range(size) for j in range(i + 1, size)],
                 *[(k * size, (k + 1) * size) for k in range(many - 1)])  # fmt: skip


def test_friends_lie_near_each_other():
    source, target = cliques(6, 12)
    place = layout(72, source, target)
    friends = np.linalg.norm(place[source] - place[target], axis=1)
    apart = np.linalg.norm(place[:, None] - place[None], axis=2)[np.triu_indices(72, 1)]
    assert friends.mean() < 0.4 * apart.mean()
    assert np.abs(place).max() <= 1.0
    assert apart.min() > 0.002, "nobody lies on another"


def test_the_same_network_is_drawn_the_same():
    network = build_network(load().replace(citizens=500))
    one = layout(500, network.source, network.target)
    assert np.array_equal(one, layout(500, network.source, network.target))


@pytest.mark.parametrize("citizens", [1, 2, 3, 10])
def test_people_without_friends_are_drawn_too(citizens):
    place = layout(citizens, *pairs())
    assert place.shape == (citizens, 2)
    assert np.isfinite(place).all()


def test_parts_that_hang_together_by_nothing():
    place = layout(9, *pairs((0, 1), (1, 2), (3, 4), (4, 5)))
    assert np.isfinite(place).all()
    assert np.ptp(place, axis=0).min() > 0.1


def test_layouts_are_kept_and_damaged_ones_made_anew(tmp_path):
    source, target = cliques(3, 5)
    first = Layouts(tmp_path).of(15, source, target)
    (file,) = tmp_path.glob("*.npy")
    assert file.stem == fingerprint(15, source, target)
    np.save(file, np.zeros((15, 2), np.float32))
    assert not Layouts(tmp_path).of(15, source, target).any(), "read, not computed"
    for damage in (b"", b"junk", file.read_bytes()[:100]):
        file.write_bytes(damage)
        assert np.array_equal(Layouts(tmp_path).of(15, source, target), first)
    np.save(file, np.full((15, 2), np.nan, np.float32))
    assert np.array_equal(Layouts(tmp_path).of(15, source, target), first)
    np.save(file, np.array([{}], object), allow_pickle=True)  # never executed
    assert np.array_equal(Layouts(tmp_path).of(15, source, target), first)


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path):
    taken = tmp_path / "file"
    taken.write_text("")
    source, target = cliques(2, 4)
    assert len(Layouts(taken / "below").of(8, source, target)) == 8


def test_another_network_has_another_name():
    source, target = cliques(2, 4)
    assert fingerprint(8, source, target) != fingerprint(9, source, target)
    assert fingerprint(8, source, target) != fingerprint(8, source[:-1], target[:-1])


def test_the_folder_of_layouts_doesnt_grow_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.viewer.layout._KEPT_FILES", 3)
    layouts = Layouts(tmp_path)
    for size in range(3, 9):
        layouts.of(2 * size, *cliques(2, size))
    assert len(list(tmp_path.iterdir())) == 3
    newest = fingerprint(16, *cliques(2, 8))
    assert (tmp_path / f"{newest}.npy").exists()
