"""Rehearsal: starts servers, editors and readers, breaks things, and compares every reader with the database.

``stack`` starts the product as it is. ``reader`` and ``checker`` import nothing of the product: they know the protocol
and the database tables, so that a mistake in the product is not repeated here.
"""
