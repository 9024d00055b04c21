"""Bench: speed and weight of pages, and the cost of reaching many readers, against targets."""
