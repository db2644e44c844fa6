"""Tables of this room: none yet. What the rules judge is handed to them as facts."""
