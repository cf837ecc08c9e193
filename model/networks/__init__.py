"""Friendship networks: random graphs by seed, real ones from files, any ``networkx.Graph``."""

from model.networks.edges import EdgeList, from_networkx
from model.networks.source import build_network

__all__ = ["EdgeList", "build_network", "from_networkx"]
