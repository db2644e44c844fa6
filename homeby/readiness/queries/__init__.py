"""All reads of this room. No tables yet: so far only what is shipped with Homeby is read."""

from homeby.readiness.queries.shipped import shipped_catalogue, shipped_packs

__all__ = ["shipped_catalogue", "shipped_packs"]
