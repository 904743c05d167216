"""Qt's only home.

PySide reads the source of whatever is imported after it, looking for `from __feature__`. We never
say that, and the sources of a thousand modules are 30 MB that stay: so imports are plain again.
"""

import builtins

import PySide6.QtCore  # noqa: F401 (it is what takes imports over)

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
