"""Rows of occasions and their meetings."""

from .gatherings import Occasion as Occasion
from .gatherings import OccasionState as OccasionState
from .gatherings import Preparation as Preparation
from .meetings import Commitment as Commitment
from .meetings import Minute as Minute
from .meetings import Pack as Pack
from .meetings import Statement as Statement
