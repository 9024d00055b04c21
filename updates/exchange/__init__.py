"""Live blogs as files, and back. ``docs/event-format.md`` describes the format; ``shapes`` is its types.

``writing.record_of`` reads an event into it. ``input_models`` and ``checking.checked`` find everything that is wrong
with a file, and ``reading.import_file`` makes an event of one that is right, through ``updates.publishing``.
"""
