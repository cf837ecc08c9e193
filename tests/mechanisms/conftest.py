import pytest
from three_people import LINE, PEOPLE, SURE

from model.society import Society
from model.world import World


@pytest.fixture(params=["compiled", "mesa"])
def society(request):
    """Make a society of a few people, to be advanced by either engine: (world, step)."""

    def make(graph=LINE, given=(), **changes):
        everything = dict(network=graph, given={**PEOPLE, **dict(given)}, **{**SURE, **changes})
        if request.param == "compiled":
            world = World(**everything)
            return world, world.step
        walker = Society(rng=1, **everything)
        return walker.world, walker.step

    return make
