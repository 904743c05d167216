"""The reference back office: takes submissions in, issues certificates."""
