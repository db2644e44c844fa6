"""Tables of readiness, one file for each matter."""

from homeby.readiness.models.duties import BusyFeed as BusyFeed
from homeby.readiness.models.duties import CalendarLink as CalendarLink
from homeby.readiness.models.duties import Duty as Duty
from homeby.readiness.models.duties import DutyDecision as DutyDecision
from homeby.readiness.models.duties import DutyPerson as DutyPerson
from homeby.readiness.models.duties import DutySeat as DutySeat
from homeby.readiness.models.duties import DutySwap as DutySwap
from homeby.readiness.models.duties import OwnTime as OwnTime
from homeby.readiness.models.examinations import Examination as Examination
from homeby.readiness.models.examinations import ExaminationPart as ExaminationPart
from homeby.readiness.models.examinations import Examiner as Examiner
from homeby.readiness.models.examinations import Promotion as Promotion
from homeby.readiness.models.injuries import Injury as Injury
from homeby.readiness.models.injuries import InjuryNote as InjuryNote
from homeby.readiness.models.kit import KitContent as KitContent
from homeby.readiness.models.kit import KitItem as KitItem
from homeby.readiness.models.rest import Release as Release
from homeby.readiness.models.rest import RestOverride as RestOverride
from homeby.readiness.models.rest import RulePack as RulePack
from homeby.readiness.models.rest import SleepTold as SleepTold
from homeby.readiness.models.special_units import SpecialUnit as SpecialUnit
from homeby.readiness.models.special_units import SpecialUnitPlace as SpecialUnitPlace
from homeby.readiness.models.team_changes import TeamChange as TeamChange
from homeby.readiness.models.team_changes import TeamChangeItem as TeamChangeItem
