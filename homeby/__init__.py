"""Homeby keeps account of everyone you send out, and raises the alarm when somebody is not back."""

__version__ = "0.3.0"
