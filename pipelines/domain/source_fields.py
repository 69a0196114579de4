"""The fields that say where a figure was taken from, beside the sender's free note.

Belongs here: which fields there are. Does not belong here: reading them (intake), drawing them (app, exports).
"""

SOURCE_TEXTS = ("source_publisher", "source_title", "source_locator", "source_link", "source_licence", "source_accessed", "computation_note")
METHOD = "method"
STANDARD_ERROR = "standard_error"
SOURCE_FIELD_ROLES = (*SOURCE_TEXTS, METHOD)
# Lines around a table that may name its source: below it, no other line counts.
SOURCE_LINES = ("source", *SOURCE_FIELD_ROLES)
# Columns that may belong to some figures of a table only, when their header names a period, a city or an indicator.
REMARK_ROLES = ("source", "comment", "explanation", "status", "quality", "boundary", "definition", STANDARD_ERROR, *SOURCE_FIELD_ROLES)
# An indicator in the header of a part says what the part is, not whose part it is.
PART_ROLES = ("numerator", "denominator")
COMPANION_ROLES = (*REMARK_ROLES, *PART_ROLES)
