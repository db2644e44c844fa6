"""All writes of readiness, one file for each matter."""
