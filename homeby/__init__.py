"""Homeby keeps account of everyone you send out, and raises the alarm when somebody is not back."""

import gc

__version__ = "0.3.0"

# A program that starts makes objects by the hundred thousand and throws nearly none away. To look
# for garbage after every 700, as Python does by itself, is a sixth of each start and finds little.
gc.set_threshold(10_000, 10, 10)
