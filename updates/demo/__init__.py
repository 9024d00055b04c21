"""Demo newsroom: three accounts, five live blogs, and a story that continues while the server runs.

``people`` has the accounts and bylines; ``storm_past``, ``storm_future`` and ``other_stories`` the texts.
``setup.set_up`` creates the live blogs and ``player.Player`` continues the storm, both through ``updates.publishing``.
"""
