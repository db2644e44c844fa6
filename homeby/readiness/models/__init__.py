"""Tables of readiness, one file for each matter."""

from homeby.readiness.models.injuries import Injury as Injury
from homeby.readiness.models.injuries import InjuryNote as InjuryNote
from homeby.readiness.models.kit import KitContent as KitContent
from homeby.readiness.models.kit import KitItem as KitItem
from homeby.readiness.models.rest import Release as Release
from homeby.readiness.models.rest import RestOverride as RestOverride
from homeby.readiness.models.rest import RulePack as RulePack
from homeby.readiness.models.rest import SleepTold as SleepTold
