"""Tables of readiness, one file for each matter."""

from homeby.readiness.models.examinations import Examination as Examination
from homeby.readiness.models.examinations import ExaminationPart as ExaminationPart
from homeby.readiness.models.examinations import Examiner as Examiner
from homeby.readiness.models.examinations import Promotion as Promotion
from homeby.readiness.models.kit import KitContent as KitContent
from homeby.readiness.models.kit import KitItem as KitItem
from homeby.readiness.models.special_units import SpecialUnit as SpecialUnit
from homeby.readiness.models.special_units import SpecialUnitPlace as SpecialUnitPlace
from homeby.readiness.models.team_changes import TeamChange as TeamChange
from homeby.readiness.models.team_changes import TeamChangeItem as TeamChangeItem
