"""Tables of readiness, one file for each matter."""

from homeby.readiness.models.kit import KitContent as KitContent
from homeby.readiness.models.kit import KitItem as KitItem
from homeby.readiness.models.mentoring import MentorAim as MentorAim
from homeby.readiness.models.mentoring import MentorSession as MentorSession
from homeby.readiness.models.mentoring import Mentorship as Mentorship
from homeby.readiness.models.mentoring import PlanStep as PlanStep
from homeby.readiness.models.qualifications import Holding as Holding
from homeby.readiness.models.qualifications import PartyPosition as PartyPosition
from homeby.readiness.models.qualifications import Qualification as Qualification
from homeby.readiness.models.qualifications import SignOff as SignOff
from homeby.readiness.models.qualifications import TaskBook as TaskBook
