"""Tables of welfare, one file for each matter."""

from homeby.welfare.models.concerns import Concern as Concern
from homeby.welfare.models.concerns import ConcernNote as ConcernNote
from homeby.welfare.models.concerns import FollowUp as FollowUp
from homeby.welfare.models.concerns import NotShownTo as NotShownTo
from homeby.welfare.models.concerns import OwnGrace as OwnGrace
from homeby.welfare.models.concerns import WelfareCheck as WelfareCheck
