"""A society of three in which everything can be worked out by hand.

Ann speaks whatever it costs; Ben and Col have nothing to say. Chances are 0 or 1.
"""

import networkx as nx

SURE = dict(
    rationality=float("inf"), detection=1.0, news_exposure=0.0, review=0.0, sociability=0.0,
    solidarity=0.0, influence=0.0, internalisation=0.0, anchoring=0.0, recovery=0.0,
    dissent_penalty=20.0, association_penalty=30.0, praise_reward=0.0, foresight=10.0, stakes=2.0,
    effort=0.25, material=1.0, travel_value=0.0, visa_value=0.0,
)  # fmt: skip
LINE = nx.Graph([("Ann", "Ben"), ("Ben", "Col")])
PEOPLE = dict(
    conviction=[1.0, 0.0, 0.0], self_censorship=[0.0, 1.0, 1.0], conformity=[0.0, 0.0, 0.0],
    wealth=[0.5, 0.5, 0.5],
)  # fmt: skip
ANN, BEN, COL = range(3)


def marked(world, bit):
    return [bool(marks & bit) for marks in world.now.life.marks.tolist()]
