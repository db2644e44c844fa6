"""Figures for the programs of whoever operates the station, in the words of Prometheus."""
