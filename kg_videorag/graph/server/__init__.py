"""The managed Neo4j: a real server as a service of one data directory."""

from kg_videorag.graph.server.service import VERSION, Endpoint, ManagedServer, ServerStatus

__all__ = ["VERSION", "Endpoint", "ManagedServer", "ServerStatus"]
