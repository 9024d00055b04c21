"""A made-up newsroom that shows what the product does: accounts, four live blogs, and a story that goes on by itself.

``cast`` has the people, ``storm_so_far`` and ``storm_to_come`` the story, ``others`` what else the newsroom covers.
``demo.set_up`` puts it on the site and ``player.Player`` tells the rest, both through ``updates.publishing``.
"""
