"""Pages as they were at a past moment, made from the logbook."""
