"""Which version came from which, and from which data: pure functions from records to a graph."""

from nbregistry.lineage.data import DataNode, is_data
from nbregistry.lineage.graph import Graph, check_acyclic
from nbregistry.lineage.relatives import Edge, Lineage, lineage_of

__all__ = ["DataNode", "Edge", "Graph", "Lineage", "check_acyclic", "is_data", "lineage_of"]
