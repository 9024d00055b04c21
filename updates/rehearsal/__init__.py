"""The rehearsal: server processes, readers and faults of its own, and a checker that believes only the database.

``stack`` and what it starts use the product as it is. ``reader`` and ``checker`` know the wire protocol and the
database's tables, and import nothing of the product: what they share with it would not be checked.
"""
