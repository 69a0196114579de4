"""What header cells say: roles, indicators, periods, cities, units, alone or several in one cell.

Belongs here: one column's header texts to their meaning. Does not belong here: finding the header rows (layouts).
"""

import re
from dataclasses import dataclass, replace

from pipelines.domain.answers import EVERYTHING_ELSE, IGNORED
from pipelines.domain.source_fields import COMPANION_ROLES, REMARK_ROLES
from pipelines.domain.texts import LONGEST_WORD, column_letters, fold, name_readings, one_line, split_note_mark
from pipelines.intake.matching import ROLES, TARGET_UNIT, Matcher
from pipelines.intake.parsing.periods import DateHabits, read_period

UNIT_IN_HEADER = re.compile(r"(?P<name>.*\S)\s*[(\[（［](?P<unit>[^()\[\]（）［］]+)[)\]）］]\s*", re.S)
NESTED_UNIT = re.compile(r"(?P<name>.*?\S)\s*\((?P<unit>.+)\)\s*", re.S)
SEPARATORS = re.compile(r"[\s_:,;/·|\-–]+")
MOST_GAPS = 40  # between the words of a header; each is tried as the border of two names
FIGURE_ROLES = ("value", "numerator", "denominator", "standard_error")
PATH_MARK = " / "
OWN_PERIOD = "own_period"


@dataclass(frozen=True, slots=True)
class Part:
    """One understood piece of a header: its kind (role, indicator, period, city, unit, total, remark, ignored), what it names, where, and its note mark."""

    kind: str
    target: str
    written: str
    row: int = 0
    status_code: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """What one column stands for; ``role`` is a label's role, ``value``, ``total``, ``ignored`` or ``unknown``.

    ``known`` is what is understood of a header that as a whole is not; ``own_period`` is the number of the column that says this one's period.
    """

    number: int
    written: str
    row: int
    role: str
    indicator: Part | None = None
    period: Part | None = None
    city: Part | None = None
    unit: Part | None = None
    calendar: str = ""
    status_code: str = ""
    clash: str = ""
    is_label: bool = False
    known: str = ""
    own_period: int = 0
    remark: Part | None = None
    marks: tuple[str, ...] = ()


def tidy(text: str) -> str:
    """One line, without HTML breaks and a glued note mark."""
    return split_note_mark(one_line(text))[0]


def read_part(written: str, matcher: Matcher, dates: DateHabits, *, is_number: bool = False) -> tuple[Part, ...]:
    """Say what one header cell names.

    Returns:
        Its parts, empty when some of it is not understood, as of a text longer than any word.
    """
    if len(written) > LONGEST_WORD:
        return ()
    whole = one_line(written)
    for plain in name_readings(whole):
        if plain and (found := _read_plain(plain, matcher, dates, is_number=is_number)):
            return found if plain == whole else _marked(found, split_note_mark(whole)[1])
    return ()


def _marked(parts: tuple[Part, ...], mark: str) -> tuple[Part, ...]:
    """Keep the note mark that was taken off before the parts could be read."""
    return (replace(parts[0], mark=mark or parts[0].mark), *parts[1:])


def _read_plain(plain: str, matcher: Matcher, dates: DateHabits, *, is_number: bool) -> tuple[Part, ...]:
    if found := _whole(plain, matcher, dates, is_number=is_number):
        return found
    for pattern in (UNIT_IN_HEADER, NESTED_UNIT):
        match = pattern.fullmatch(plain)
        name = _read_plain(tidy(match["name"]), matcher, dates, is_number=False) if match else ()
        if match and name:
            return (*_marked(name, split_note_mark(one_line(match["name"]))[1]), *_bracket(match["unit"].strip(), matcher, dates, name))
    return _several(plain, matcher, dates)


def _bracket(text: str, matcher: Matcher, dates: DateHabits, name: tuple[Part, ...]) -> tuple[Part, ...]:
    if text.isdecimal() and len(text) < 3:
        return ()
    if not any(p.kind in ("period", "role") for p in name) and read_period(text, habits=dates).state == "read":
        return (Part("period", text, text),)
    if (remark := matcher.vocabulary.header_remarks.get(fold(text))) and not matcher.unit(text).unit_code:
        return (Part("remark", remark.kind, text, status_code=remark.status_code),)
    if len(name) == 1 and name[0].kind == "role" and name[0].target in COMPANION_ROLES and (named := _named_by_companion(text, name[0], matcher, dates)):
        return named
    is_label = name[0].kind == "role" and name[0].target not in FIGURE_ROLES
    return () if is_label and not matcher.unit(text).unit_code else (Part("unit", text, text),)


def _whole(plain: str, matcher: Matcher, dates: DateHabits, *, is_number: bool) -> tuple[Part, ...]:
    target, _, answered_unit = matcher.header(plain).partition(TARGET_UNIT)
    if target == "period" and answered_unit:
        return (Part("role", OWN_PERIOD, plain),)
    if answered_unit:
        return (Part("indicator", target, plain), Part("unit", answered_unit, answered_unit))
    if target == IGNORED or target == "technical":
        return (Part("ignored", "", plain),)
    if target in ROLES:
        return (Part("role", target, plain),)
    if target:
        unit = UNIT_IN_HEADER.fullmatch(plain)
        named = (Part("unit", unit["unit"].strip(), plain),) if unit and matcher.unit(unit["unit"].strip()).unit_code else ()
        return (Part("indicator", target, plain), *named)
    if code := matcher.indicator(plain)[0]:
        return (Part("indicator", code, plain),)
    status, rest = split_status(plain, matcher)
    period = read_period(rest, is_number=is_number, habits=dates)
    if period.state == "read":
        return (Part("period", rest, plain, status_code=status),)
    if code := matcher.city(plain)[0]:
        return (Part("city", code, plain),)
    if matcher.is_total(plain):
        return (Part("total", "", plain),)
    bare = strip_brackets(plain)
    return (Part("unit", bare, plain),) if matcher.unit(bare).unit_code and not is_number else ()


def _several(plain: str, matcher: Matcher, dates: DateHabits) -> tuple[Part, ...]:
    """Read a header that names two things, such as ``2011 Area`` or ``2020년04월_총인구수``."""
    gaps = list(SEPARATORS.finditer(plain))
    for gap in gaps if len(gaps) <= MOST_GAPS else ():
        left, right = plain[: gap.start()], plain[gap.end() :]
        if not left or not right:
            continue
        first = _whole(tidy(left), matcher, dates, is_number=False)
        second = _whole(tidy(right), matcher, dates, is_number=False) if first else ()
        kinds = {p.kind for p in (*first, *second)}
        if first and second and kinds in ({"period", "indicator"}, {"city", "indicator"}, {"city", "period"}):
            return (*first, *second)
        if first and second and "role" in kinds and _is_companion_pair((*first, *second)):
            return (*first, *second)
    return ()


def _is_companion_pair(parts: tuple[Part, ...]) -> bool:
    """Whether two parts are a remark and what it belongs to, as in ``Source 2015``."""
    roles = [p for p in parts if p.kind == "role"]
    kinds = {p.kind for p in parts} - {"role", "unit"}
    if len(roles) != 1 or roles[0].target not in COMPANION_ROLES:
        return False
    return len(kinds) == 1 and kinds <= ({"period", "city", "indicator"} if roles[0].target in REMARK_ROLES else {"period", "city"})


def _named_by_companion(text: str, role: Part, matcher: Matcher, dates: DateHabits) -> tuple[Part, ...]:
    """The period, city or indicator in the brackets behind a remark, as in ``Source (2015)``."""
    named = tuple(p for p in _whole(text, matcher, dates, is_number=False) if p.kind in ("period", "city", "indicator"))
    return named if named and _is_companion_pair((role, *named)) else ()


def split_status(text: str, matcher: Matcher) -> tuple[str, str]:
    """Take a mark such as ``Sơ bộ`` or ``p)`` off a period or a figure.

    Returns:
        Status code, empty when there is no mark, and the rest as written.
    """
    key = fold(text)
    for note in matcher.habits.note_marks:
        if note.is_prefix and key.startswith(note.mark + " ") and any(c.isdecimal() for c in key):
            return note.status_code, text.strip()[len(note.mark) :].strip()
        if not note.is_prefix and key.endswith(note.mark) and key[: -len(note.mark)].strip()[-1:].isdecimal():
            return note.status_code, text.strip()[: -len(note.mark)].strip()
    return "", text


def strip_brackets(text: str) -> str:
    """Take off brackets around a unit: ``(명)`` gives ``명``."""
    plain = text.strip()
    return plain[1:-1].strip() if len(plain) > 2 and plain[0] in "(（[" and plain[-1] in ")）]" else plain


def read_column(cells: list[tuple[int, str, bool]], number: int, matcher: Matcher, dates: DateHabits) -> Column | None:
    """Say what a column stands for from its header cells, top to bottom.

    Args:
        cells: row, written text and whether it is a number cell; repeated texts count once.

    Returns:
        ``None`` for a column without any header text.
    """
    texts: dict[str, tuple[int, str, bool]] = {}
    for row, written, is_number in cells:
        if written.strip():
            texts.setdefault(fold(written), (row, written, is_number))
    if not texts:
        return None
    path = PATH_MARK.join(one_line(w) for _, w, _ in texts.values())
    last_row = max(row for row, _, _ in texts.values())
    parts: list[Part] = []
    whole = matcher.header(path) or (matcher.header(path.replace(PATH_MARK, " ")) if len(texts) > 1 else "")
    if matcher.header(placed := placed_header(path, number)):
        parts = [replace(p, row=last_row) for p in _whole(placed, matcher, dates, is_number=False)]
    elif whole and len(texts) > 1:
        parts = [replace(p, row=last_row) for p in (_whole(path if matcher.header(path) else path.replace(PATH_MARK, " "), matcher, dates, is_number=False))]
    else:
        for row, written, is_number in texts.values():
            found = read_part(written, matcher, dates, is_number=is_number)
            if not found:
                return _unread(texts, path, number, matcher, dates)
            parts += [replace(p, row=row) for p in found]
    return _column(parts, path, last_row, number, matcher)


def placed_header(written: str, number: int) -> str:
    """A header together with its column's letters: how an answer names one of several columns of the same header."""
    return f"{written} (column {column_letters(number)})"


def _unread(texts: dict[str, tuple[int, str, bool]], path: str, number: int, matcher: Matcher, dates: DateHabits) -> Column:
    """A column whose header is not understood as a whole; its known cells are kept in words, so that nothing known goes unseen."""
    read = [(w, read_part(w, matcher, dates, is_number=is_number)) for _, w, is_number in texts.values()]
    known = [w for w, parts in read if any(p.kind in ("indicator", "city") for p in parts)]
    role = "left_out" if EVERYTHING_ELSE in matcher.answers.headers else "unknown"
    return Column(number, path, max(row for row, _, _ in texts.values()), role, known=PATH_MARK.join(map(one_line, known)))


def _column(parts: list[Part], path: str, row: int, number: int, matcher: Matcher) -> Column:
    one: dict[str, Part] = {}
    clash = ""
    for part in parts:
        if part.kind in one and part.kind not in ("total", "remark") and part.target != one[part.kind].target:
            clash = f"{one[part.kind].written} and {part.written}"
        one.setdefault(part.kind, part)
    role = one["role"].target if "role" in one else ""
    if "ignored" in one:
        role = "ignored"
    elif not role:
        role = "value" if {"indicator", "period", "city"} & set(one) else "total" if "total" in one else "unknown"
    calendar = matcher.vocabulary.header_calendars.get(fold(one["role"].written), "") if "role" in one else ""
    status = next((p.status_code for p in parts if p.status_code), "")
    marks = tuple(dict.fromkeys(p.mark for p in parts if p.mark))
    return Column(
        number, path, row, role, one.get("indicator"), one.get("period"), one.get("city"), one.get("unit"), calendar, status, clash, "role" in one,
        remark=one.get("remark"), marks=marks,
    )  # fmt: skip
