"""The commands of `kakanai` by family; each loads only what it needs, when it runs."""
