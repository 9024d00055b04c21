"""Export and import of live blogs as files. ``docs/event-format.md`` describes the format; ``shapes`` has its types.

``writing.export_event`` reads an event into this format. ``input_models`` and ``checking.checked`` report the problems
of a file, and ``reading.import_file`` creates an event from a valid one, through ``updates.publishing``.
"""
