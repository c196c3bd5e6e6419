"""Slots: when a job is due, which days it speaks of, and what became of it. `workbench schedule …`."""
