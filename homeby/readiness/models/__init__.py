"""Tables of readiness, one file for each matter."""

from homeby.readiness.models.duties import BusyFeed as BusyFeed
from homeby.readiness.models.duties import CalendarLink as CalendarLink
from homeby.readiness.models.duties import Duty as Duty
from homeby.readiness.models.duties import DutyDecision as DutyDecision
from homeby.readiness.models.duties import DutyPerson as DutyPerson
from homeby.readiness.models.duties import DutySeat as DutySeat
from homeby.readiness.models.duties import DutySwap as DutySwap
from homeby.readiness.models.duties import OwnTime as OwnTime
from homeby.readiness.models.kit import KitContent as KitContent
from homeby.readiness.models.kit import KitItem as KitItem
