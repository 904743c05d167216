"""`python -m kiosk`: what the launcher starts."""

import sys

from kiosk.cli import main

sys.exit(main(sys.argv[1:]))
