"""What runs a station: supervisor, import, replay, demonstration, doctor (floor 7, beside web)."""
