"""Networks: generators against networkx in distribution, files as a user would expect them."""

import gzip
import random

import networkx as nx
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.chance import key_of
from model.errors import NetworkError
from model.networks import build_network, from_networkx
from model.networks.edges import from_ends
from model.networks.files import read_network
from model.networks.generators import GENERATORS, generate
from model.parameters import Network
from model.scenario import Scenario
from model.world import World


def graph_of(edges):
    graph = nx.empty_graph(edges.citizens)
    graph.add_edges_from(zip(edges.source.tolist(), edges.target.tolist(), strict=True))
    return graph


def draw(name, citizens, seed=1, **settings):
    return generate(citizens, Network(generator=name, **settings), key_of(seed))


@pytest.mark.parametrize("name", list(GENERATORS))
def test_generated_ties_are_simple_sorted_and_follow_the_seed(name):
    edges = draw(name, 200)
    assert (edges.source < edges.target).all()
    assert edges.target.max() < 200
    keys = edges.source.astype(np.int64) * 200 + edges.target
    assert (np.diff(keys) > 0).all()
    again = draw(name, 200)
    assert (again.source == edges.source).all()
    assert (again.target == edges.target).all()
    other = draw(name, 200, seed=2)
    same = len(other.source) == len(edges.source) and (other.target == edges.target).all()
    assert same == (name == "complete")


def holme_kim(n, m, triad, seed):
    """Holme & Kim (2002) written plainly: networkx pops its candidates from a set, lowest first."""
    rng = random.Random(seed)
    graph = nx.star_graph(m)
    ends = [person for tie in graph.edges for person in tie]
    for v in range(m + 1, n):
        anchor = None
        for _ in range(m):
            strangers = [w for w in graph[anchor] if w != v and w not in graph[v]] if (
                anchor is not None and v in graph and rng.random() < triad) else []  # fmt: skip
            if strangers:
                w = rng.choice(strangers)
            else:
                w = anchor = rng.choice(ends)
                while v in graph and w in graph[v]:
                    w = anchor = rng.choice(ends)
            graph.add_edge(v, w)
        ends += [person for w in graph[v] for person in (v, w)]
    return graph


def test_holme_kim_without_triads_is_barabasi_albert():
    ours = draw("powerlaw_cluster", 300, triad_probability=0.0)
    plain = draw("barabasi_albert", 300)
    assert (ours.source == plain.source).all()
    assert (ours.target == plain.target).all()


@pytest.mark.parametrize(
    ("name", "settings", "reference"),
    [
        ("watts_strogatz", dict(rewiring=0.2), lambda s: nx.watts_strogatz_graph(600, 10, 0.2, s)),
        ("barabasi_albert", {}, lambda s: nx.barabasi_albert_graph(600, 5, s)),
        ("erdos_renyi", {}, lambda s: nx.gnp_random_graph(600, 10 / 599, s)),
        # networkx's own version prefers old people and loses ties: see holme_kim below
        ("powerlaw_cluster", dict(triad_probability=0.7), lambda s: holme_kim(600, 5, 0.7, s)),
        ("stochastic_block", dict(blocks=4, mixing=0.25),
         lambda s: nx.stochastic_block_model(
             [150] * 4, [[7.5 / 149 if i == j else 2.5 / 450 for i in range(4)]
                         for j in range(4)], seed=s)),
    ],
)  # fmt: skip
def test_generators_agree_with_networkx_in_distribution(name, settings, reference):
    def numbers(graph):
        degree = np.array([d for _, d in graph.degree()])
        return [
            graph.number_of_edges(), degree.std(), degree.max(), nx.average_clustering(graph),
            nx.degree_assortativity_coefficient(graph),
        ]  # fmt: skip

    ours = np.array([numbers(graph_of(draw(name, 600, seed, **settings))) for seed in range(20)])
    theirs = np.array([numbers(nx.Graph(reference(seed))) for seed in range(20)])
    gap = np.abs(ours.mean(axis=0) - theirs.mean(axis=0))
    error = np.sqrt(ours.var(axis=0, ddof=1) / 20 + theirs.var(axis=0, ddof=1) / 20)
    slack = np.array([1e-9, 0.02, 0.5, 0.01, 0.02])
    assert (gap <= 4.5 * error + slack).all(), (gap, error)


def test_blocks_hold_their_ties():
    edges = draw("stochastic_block", 2000, blocks=5, mixing=0.2)
    block = np.arange(2000) * 5 // 2000
    across = (block[edges.source] != block[edges.target]).mean()
    assert across == pytest.approx(0.2, abs=0.02)
    assert 2 * len(edges.source) / 2000 == pytest.approx(10, abs=0.4)


def test_karate_is_zacharys_club():
    world = World(generator="karate", citizens=5)
    assert (world.citizens, world.ties.count()) == (34, 78)


@pytest.mark.parametrize(
    ("name", "citizens", "settings", "says"),
    [
        ("watts_strogatz", 100, dict(mean_degree=7.0), "the nearest are 6 and 8"),
        ("watts_strogatz", 10, {}, "too much for 10 citizens"),
        ("barabasi_albert", 100, dict(mean_degree=0.0), "at least 2"),
        ("barabasi_albert", 100, dict(mean_degree=5.0), "even; the nearest are 4 and 6"),
        ("erdos_renyi", 5, {}, "too much for 5 citizens"),
        ("stochastic_block", 3, {}, "blocks = 4 exceed"),
        ("complete", 50_000, {}, "at most 20000"),
    ],
)
def test_what_a_generator_cannot_do_is_said(name, citizens, settings, says):
    with pytest.raises(NetworkError, match=says):
        draw(name, citizens, **settings)


def test_edge_cases_of_generators():
    assert len(draw("watts_strogatz", 50, mean_degree=0.0).source) == 0
    assert len(draw("erdos_renyi", 30, mean_degree=29.0).source) == 435
    assert len(draw("complete", 1).source) == 0


def names(edges):
    assert edges.labels is not None
    return {
        frozenset((edges.labels[i], edges.labels[j]))
        for i, j in zip(edges.source.tolist(), edges.target.tolist(), strict=True)
    }


EDGE_LISTS = {
    "header.csv": ("source,target\n1,2\n2,7\n", {"1 2", "2 7"}, 3),
    "bare.csv": ("1,2\n2,7\n", {"1 2", "2 7"}, 3),
    "odd_header.csv": ("people,others\n1,2\n", {"1 2"}, 2),
    "names.csv": ("Ann,Ben\nBen,Col\n", {"Ann Ben", "Ben Col"}, 3),
    "quoted.csv": ('source,target\n"Ann","Ben"\n', {"Ann Ben"}, 2),
    "weighted.csv": ("source,target,weight\n1,2,0.5\n", {"1 2"}, 2),
    "semicolon.csv": ("a;b\n1;2\n", {"1 2"}, 2),
    "snap.txt": ("# a comment\n1 2\n2\t7\n", {"1 2", "2 7"}, 3),
    "loops.csv": ("1,1\n1,2\n2,1\n1,2\n", {"1 2"}, 2),
    "alone.csv": ("1,2\n9\n8,\n", {"1 2"}, 4),
    "one.csv": ("5\n", set(), 1),
    "bom.csv": ("\ufeffsource,target\n1,2\n", {"1 2"}, 2),
}


@pytest.mark.parametrize("file", list(EDGE_LISTS))
def test_edge_lists_as_users_have_them(tmp_path, file):
    text, ties, people = EDGE_LISTS[file]
    path = tmp_path / file
    path.write_text(text, "utf-8")
    edges = read_network(path)
    assert edges.citizens == people
    assert names(edges) == {frozenset(tie.split()) for tie in ties}
    zipped = tmp_path / (file + ".gz")
    zipped.write_bytes(gzip.compress(text.encode()))
    assert names(read_network(zipped)) == names(edges)


def test_what_was_put_right_is_noted(tmp_path):
    path = tmp_path / "loops.csv"
    path.write_text("1,1\n1,2\n2,1\n1,2\n")
    assert read_network(path).notes == ["1 self-loop dropped", "2 duplicate ties merged"]


def test_neither_order_nor_direction_of_lines_matters(tmp_path):
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("1,2\n2,10\n10,9\n")
    other.write_text("9,10\n2,1\n10,2\n")
    a, b = read_network(one), read_network(other)
    assert a.labels == b.labels == ["1", "2", "9", "10"]
    assert (a.source == b.source).all()
    assert (a.target == b.target).all()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", b"", "holds no people"),
        ("header.csv", b"source,target\n", "holds no people"),
        ("gap.csv", b"1,2\n,3\n", "line 2"),
        ("gap3.csv", b"1,2\n3,,0.5\n", "line 2"),
        ("cut.csv.gz", gzip.compress(b"1,2\n" * 999, mtime=0)[:30], "cut off"),
        ("plain.csv.gz", b"1,2\n", "cannot be read"),
        ("latin.csv", "1,Jos\u00e9".encode("latin-1"), "not UTF-8"),
        ("broken.graphml", b"<graphml>\n<oops", "line 2"),
        ("broken.gexf", b"", "not valid XML"),
        ("broken.parquet", b"xxxx", "not a Parquet file"),
        ("net.xlsx", b"", "unknown kind"),
    ],
)
def test_bad_files_are_refused_with_the_place(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NetworkError) as error:
        read_network(path)
    assert says in str(error.value)
    assert name in str(error.value)


def test_a_missing_file_is_said():
    with pytest.raises(NetworkError, match="no network file"):
        World(network="nowhere.csv")


def test_graph_files_keep_labels(tmp_path):

    graph = nx.Graph([("Ann", "Ben"), ("Ben", "Col")])
    graph.add_node("Dan")
    nx.write_graphml(graph, tmp_path / "g.graphml")
    nx.write_gexf(graph, tmp_path / "g.gexf")
    pq.write_table(pa.table({"w": [1, 1], "source": ["Ann", "Ben"], "target": ["Ben", "Col"]}),
                   tmp_path / "g.parquet")  # fmt: skip
    for name, people in (("g.graphml", 4), ("g.gexf", 4), ("g.parquet", 3)):
        edges = read_network(tmp_path / name)
        assert edges.citizens == people
        assert names(edges) == {frozenset(("Ann", "Ben")), frozenset(("Ben", "Col"))}


def test_any_networkx_graph():
    directed = nx.DiGraph([(3, 1), (1, 3), (3, 3), (7, 1)])
    edges = from_networkx(directed)
    assert edges.labels == ["1", "3", "7"]
    assert names(edges) == {frozenset(("1", "3")), frozenset(("1", "7"))}
    assert build_network(Scenario(), nx.path_graph(4)).citizens == 4


def test_the_facebook_network_is_read_whole(facebook):
    from model.measures import measure

    world = World(network=facebook)
    assert (world.citizens, world.ties.count()) == (4039, 88234)
    assert world.ties.arrays.degree.max() == 1045
    assert measure(world, "clustering") == pytest.approx(0.6055, abs=5e-5)
    assert measure(world, "largest_component") == 1.0


@pytest.mark.parametrize(
    ("text", "people", "ties", "note"),
    [
        ("a,b\nb,c\nc,a\n", 3, 3, "taken for a tie"),
        ("a,b\nc,d\nd,e\n", 5, 3, "taken for a tie"),
        ("a,b\n1,2\n", 2, 1, "taken for a header"),
        ("source,target\nx,y\n", 2, 1, "taken for a header"),
        ("9\n1,2\n2,7\n", 4, 2, None),
        ('"Lee, Ann";"Ben"\n"Ben";"Cy"\n', 3, 2, None),
    ],
)
def test_first_lines_that_could_mislead(tmp_path, text, people, ties, note):
    path = tmp_path / "net.csv"
    path.write_text(text)
    network = read_network(path)
    assert (network.citizens, len(network.source)) == (people, ties)
    if note:
        assert any(note in line for line in network.notes)


def test_labels_of_a_gexf_file_are_kept(tmp_path):
    graph = nx.Graph()
    graph.add_node(0, label="Ann")
    graph.add_node(1, label="Ben")
    graph.add_edge(0, 1)
    nx.write_gexf(graph, tmp_path / "net.gexf")
    assert read_network(tmp_path / "net.gexf").labels == ["Ann", "Ben"]


def test_graphs_that_cannot_be_used_are_refused_and_directions_reported():
    with pytest.raises(NetworkError, match="holds no people"):
        World(network=nx.Graph())
    with pytest.raises(NetworkError, match="two people have the label '1'"):
        World(network=nx.Graph([(1, "1")]))
    with pytest.raises(NetworkError, match="a ndarray is no network"):
        World(network=np.zeros((3, 3)))
    assert "direction" in World(network=nx.DiGraph([(1, 2)])).network.notes[0]


def test_further_columns_of_parquet_are_reported(tmp_path):
    table = pa.table({"since": [1990], "source": ["x"], "target": ["y"]})
    pq.write_table(table, tmp_path / "net.parquet")
    network = read_network(tmp_path / "net.parquet")
    assert network.labels == ["x", "y"]
    assert "not kept: since" in network.notes[0]


def test_an_index_column_is_suspected(tmp_path):
    (tmp_path / "net.csv").write_text(",source,target\n0,a,b\n")
    with pytest.raises(NetworkError, match=r"line 1: .*\(is the first column an index"):
        read_network(tmp_path / "net.csv")


@given(st.sets(st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(lambda t: t[0] < t[1])),
       st.randoms(use_true_random=False))  # fmt: skip
def test_ends_in_any_order_and_direction_become_a_sorted_list(ties, luck):
    pairs = [pair if luck.random() < 0.5 else pair[::-1] for pair in ties]
    luck.shuffle(pairs)
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    network = from_ends(41, ends[:, 0], ends[:, 1])
    found = list(zip(network.source.tolist(), network.target.tolist(), strict=True))
    assert found == sorted(ties)


def test_a_drawn_network_that_was_not_kept_is_drawn_again(monkeypatch):
    kept = World(citizens=300, seed=8)
    monkeypatch.setattr("model.world._KEPT", 100)
    world = World(citizens=300, seed=8)
    assert world._network is None
    for end in ("source", "target"):
        assert np.array_equal(getattr(world.network, end), getattr(kept.network, end))
    assert World(network=kept.network)._network is kept.network  # one that was given stays
