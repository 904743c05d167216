"""`python -m kiosk`: what the launcher starts."""

import gc
import sys

gc.disable()  # what is imported is no garbage; what stands all day enables it when it stands

from kiosk.cli import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
