"""What people see and touch: the only home of PySide6."""
