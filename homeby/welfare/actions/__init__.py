"""All writes of welfare, one file for each matter."""
