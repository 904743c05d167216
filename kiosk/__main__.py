"""`python -m kiosk`: what the launcher starts."""

import gc
import sys

gc.disable()  # what is imported is no garbage; the terminal enables it after its first frame

from kiosk.cli import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
