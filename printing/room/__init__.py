"""The room where papers are drawn: a process of its own, which ends with the turn it drew for."""
