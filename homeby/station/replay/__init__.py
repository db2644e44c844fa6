"""Sending records of the past through the real watch, and the figures to compare it with."""
