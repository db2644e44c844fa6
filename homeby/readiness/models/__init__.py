"""Tables of readiness, one file for each matter."""

from homeby.readiness.models.kit import KitContent as KitContent
from homeby.readiness.models.kit import KitItem as KitItem
