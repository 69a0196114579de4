"""Where the sheets of an .xlsx container lie: each worksheet is read, or the file is refused with the place; none is passed over.

Belongs here: relations, content types and sheets of a container. Does not belong here: cells, limits (guard).

Source: ECMA-376 part 2 (packages) and part 1, 12.3 (workbook, worksheet, chartsheet, dialogsheet parts).
"""

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from pipelines.domain.errors import UnreadableFileError

Parse = Callable[..., None]
WORKBOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedstrings.xml", "xl/styles.xml"
SAVE_ANEW = "open it in a spreadsheet and save it as .xlsx"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet: its name, whether it is hidden, the part that holds it."""

    name: str
    is_hidden: bool
    part: str


@dataclass(slots=True)
class SheetParts:
    """The worksheets in workbook order, the sheets that are charts and hold no cell, and the calendar of serial numbers."""

    sheets: list[SheetPart] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    counts_from_1904: bool = False


@dataclass(frozen=True, slots=True)
class _Relation:
    kind: str
    target: str


def refuse(found: str, *, sheet: str = "") -> UnreadableFileError:
    """Make the refusal of a container."""
    return UnreadableFileError("file_is_readable", found, sheet=sheet)


def find_sheets(box: zipfile.ZipFile, parse_part: Parse) -> SheetParts:
    """Find every worksheet of a container.

    Raises:
        UnreadableFileError: a workbook, worksheet or table of strings in an unusual place, a sheet of macros or dialogs, two sheets of one name or part,
            or a worksheet that the workbook does not name.
        KeyError: a part is missing.
    """
    names = set(box.namelist())
    books = [r.target for r in _relations(box, "_rels/.rels", "", parse_part).values() if r.kind == "officeDocument"]
    if books != [WORKBOOK]:
        raise refuse(f"a workbook in an unusual place of the container ({', '.join(books) or 'none named'}); {SAVE_ANEW}")
    relations = _relations(box, "xl/_rels/workbook.xml.rels", "xl", parse_part)
    for kind, usual in (("sharedStrings", STRINGS), ("styles", STYLES)):
        if odd := [r.target for r in relations.values() if r.kind == kind and r.target.lower() != usual]:
            raise refuse(f"{kind} in an unusual place of the container ({odd[0]}); {SAVE_ANEW}")
    found = SheetParts()
    for name, hidden, key in _listed(box, found, parse_part):
        relation = relations.get(key)
        if relation is None:
            raise refuse("a sheet that no part of the container holds", sheet=name)
        if relation.kind == "chartsheet":
            found.charts.append(name)
        elif relation.kind != "worksheet":
            raise refuse(f"a sheet of the kind '{relation.kind}', which is not read; move its cells to a worksheet", sheet=name)
        elif not _is_usual(relation.target) or relation.target not in names:
            raise refuse(f"a worksheet in an unusual place of the container ({relation.target}); {SAVE_ANEW}", sheet=name)
        else:
            found.sheets.append(SheetPart(name, hidden, relation.target))
    _refuse_doubles(found)
    _refuse_unnamed(box, found, names, parse_part)
    if not found.sheets:
        raise refuse("a workbook without worksheets")
    return found


def _is_usual(part: str) -> bool:
    """Whether the reader of values looks for worksheets there."""
    return posixpath.dirname(part) == "xl/worksheets" and part.endswith(".xml")


def _relations(box: zipfile.ZipFile, part: str, folder: str, parse_part: Parse) -> dict[str, _Relation]:
    """Relations of a part by their id; targets are resolved against the folder of the part."""
    found: dict[str, _Relation] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) != "Relationship":
            return
        if attributes.get("TargetMode") == "External":
            raise refuse("links to outside files; remove them")
        key, target = attributes.get("Id", ""), attributes.get("Target", "")
        if key in found:
            raise refuse(f"two relations of one name ('{key}') in the container")
        # Some writers name a part from the root without saying so.
        is_rooted = target.startswith("/") or (folder and target.startswith(f"{folder}/"))
        found[key] = _Relation(
            attributes.get("Type", "").rpartition("/")[2], posixpath.normpath(target.lstrip("/") if is_rooted else posixpath.join(folder, target))
        )

    parse_part(box, part, start)
    return found


def _listed(box: zipfile.ZipFile, found: SheetParts, parse_part: Parse) -> list[tuple[str, bool, str]]:
    """Sheets as the workbook lists them: name, whether hidden, id of the relation; takes the calendar in."""
    listed: list[tuple[str, bool, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "sheet":
            key = next((v for k, v in attributes.items() if _local(k) == "id" and ":" in k), "")
            listed.append((attributes.get("name", ""), attributes.get("state", "visible") != "visible", key))
        elif _local(name) == "workbookPr":
            found.counts_from_1904 = attributes.get("date1904") in ("1", "true")

    parse_part(box, WORKBOOK, start)
    return listed


def _refuse_doubles(found: SheetParts) -> None:
    for what, values in (("name", [s.name.casefold() for s in found.sheets]), ("part", [s.part for s in found.sheets])):
        if len(set(values)) < len(values):
            raise refuse(f"two worksheets of one {what}")


def _refuse_unnamed(box: zipfile.ZipFile, found: SheetParts, names: set[str], parse_part: Parse) -> None:
    """Refuse a container with a worksheet or a workbook that is not among those that are read, by its content type or its folder."""
    said: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Override":
            said[attributes.get("PartName", "").lstrip("/")] = attributes.get("ContentType", "").lower()

    parse_part(box, "[Content_Types].xml", start)
    typed = {part for part, kind in said.items() if kind.endswith((".worksheet+xml", ".macrosheet+xml", ".dialogsheet+xml", "sheet.main+xml"))}
    foldered = {part for part in names if posixpath.dirname(part).lower().endswith("worksheets") and part.lower().endswith(".xml")}
    if unnamed := sorted(((typed & names) | foldered) - {s.part for s in found.sheets} - {WORKBOOK}):
        raise refuse(f"a worksheet that the workbook does not name ({unnamed[0]}); {SAVE_ANEW}")


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]
