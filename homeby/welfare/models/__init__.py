"""Tables of welfare, one file for each matter."""

from homeby.welfare.models.asked import Asked as Asked
from homeby.welfare.models.concerns import Concern as Concern
from homeby.welfare.models.concerns import ConcernNote as ConcernNote
from homeby.welfare.models.concerns import FollowUp as FollowUp
from homeby.welfare.models.concerns import NotShownTo as NotShownTo
from homeby.welfare.models.concerns import OwnGrace as OwnGrace
from homeby.welfare.models.concerns import WelfareCheck as WelfareCheck
from homeby.welfare.models.detector import LeftOutSignal as LeftOutSignal
from homeby.welfare.models.detector import NotAbout as NotAbout
from homeby.welfare.models.detector import SearchLook as SearchLook
from homeby.welfare.models.detector import SearchPeriod as SearchPeriod
from homeby.welfare.models.detector import TakenIn as TakenIn
from homeby.welfare.models.detector import TeamBase as TeamBase
from homeby.welfare.models.detector import TeamState as TeamState
