"""Who may and can go: qualifications, sign-offs, rest, fatigue. Rules only, so far."""
