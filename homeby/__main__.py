"""`python -m homeby`."""

from __future__ import annotations

from homeby.cli import main

if __name__ == "__main__":
    main()
