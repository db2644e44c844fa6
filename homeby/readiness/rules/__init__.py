"""What readiness decides: pure, one file for each matter."""
