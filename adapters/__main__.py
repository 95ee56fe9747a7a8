"""`python -m adapters` is the command `kept`."""

from adapters.cli import main

raise SystemExit(main())
