"""A figure's source, field by field, in the words that pages and files show.

Belongs here: labels and spelling of the source fields. Does not belong here: tables, drawing.
"""

from pipelines.warehouse.querying import Figure

NOT_STATED = "not stated"
SOURCE_CELLS = (
    ("source_publisher", "Publisher"),
    ("source_title", "Source title"),
    ("source_locator", "Place in the source"),
    ("source_link", "Link"),
    ("source_licence", "Licence"),
    ("source_accessed", "Accessed"),
    ("method_code", "Method kind"),
    ("computation_note", "Computation"),
)


def source_cells(figure: Figure) -> dict[str, str]:
    """Give each source field by its key; what nobody said is called so, and a figure that was not computed has no computation."""
    texts = {key: getattr(figure, key) or NOT_STATED for key, _ in SOURCE_CELLS}
    texts["method_code"] = texts["method_code"].replace("_", " ")
    if figure.status_code != "derived" and figure.computation_note is None:
        texts["computation_note"] = ""
    return texts
