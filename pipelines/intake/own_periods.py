"""Which year column belongs to which value column, where a table has several.

Belongs here: pairing a year column with its values by header words or by an answer, and asking for the rest.
Does not belong here: reading a period (parsing), one row's period (rows).
"""

import re
from dataclasses import replace

from pipelines.domain.observations import ReadingTrouble
from pipelines.domain.texts import LONGEST_WORD, column_letters, fold, one_line
from pipelines.intake.found_tables import Table
from pipelines.intake.headers import OWN_PERIOD, PATH_MARK, UNIT_IN_HEADER, Column, placed_header
from pipelines.intake.layout_faults import HEADER_FAULT, NO_HEADER
from pipelines.intake.matching import TARGET_UNIT, Matcher
from pipelines.intake.parsing.periods import DateHabits, read_period

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
WORDS = re.compile(r"[\s_:,;/·|\-–()\[\]（）]+")
LINKS = frozenset(("of", "for", "the", "in", "의", "の", "的", "của", "untuk", "data", "ของ"))
UNREAD = ("unknown", "left_out", "ignored")
PERHAPS_YEARS = ("unknown", "left_out", "period", "value")
BARE_YEARS = range(1800, 2200)


def pair_periods(columns: list[Column], matcher: Matcher) -> list[Column]:
    """Give each value column the year column that names it, by an answer or by its header: ``Population year``, ``연도(인구)``.

    Returns:
        The columns; a year column that is another's becomes ``own_period``, and its value columns know its number.
    """
    owner: dict[int, list[int]] = {}
    for column in columns:
        for number in _served(column, columns, matcher):
            owner.setdefault(number, []).append(column.number)
    # A value column that two year columns claim is settled by neither.
    own = {number: by[0] for number, by in owner.items() if len(by) == 1}
    years = set(own.values())
    return [_paired(column, own, years, matcher) for column in columns]


def _paired(column: Column, own: dict[int, int], years: set[int], matcher: Matcher) -> Column:
    """One column with what the pairing says of it."""
    if column.number in own:
        return replace(column, own_period=own[column.number])
    if column.number in years:
        return replace(column, role=OWN_PERIOD, indicator=None, unit=None, calendar=column.calendar or _calendar(column, matcher))
    return replace(column, role="unknown") if column.role == OWN_PERIOD and not _answered(column, matcher) else column


def name_pairs(table: Table) -> list[str]:
    """Say in the receipt which column's year a value column takes."""
    written = {c.number: c.written for c in table.columns}
    return [
        f"{column_letters(c.number)}{c.row}: {c.written!r} takes its period from column {column_letters(c.own_period)} {written[c.own_period]!r}"
        for c in table.columns
        if c.own_period
    ]


def _served(column: Column, columns: list[Column], matcher: Matcher) -> list[int]:
    """Numbers of the value columns whose period a column says; empty when it says none, or not surely."""
    values = [c for c in columns if c.role == "value" and c.period is None and c.number != column.number]
    if targets := _answered(column, matcher):
        return [c.number for c in values if fold(c.written) in targets]
    if column.role == "period" and column.indicator is not None:
        return [c.number for c in values if c.indicator is not None and c.indicator.target == column.indicator.target]
    if column.role not in PERHAPS_YEARS or (column.role == "value" and not _counts_years(column, matcher)):
        return []
    # A plain word for a year heads the whole row; only a bracket beside it names a column.
    if not (subject := period_subject(column.written, matcher)) or (column.role == "period" and not UNIT_IN_HEADER.fullmatch(column.written)):
        return []
    code = matcher.header(subject) or matcher.indicator(subject)[0]
    if exact := [c for c in values if _is_named(c, subject, code)]:
        return [exact[0].number] if len(exact) == 1 else []
    unread = [c for c in columns if c.role in UNREAD and c.number != column.number and fold(c.written) == subject]
    if code or unread:
        return []
    if column.role == "value":
        return []
    near = [c for c in values if set(_words(subject)) < set(_words(c.written))]
    return [near[0].number] if len(near) == 1 else []


def _counts_years(column: Column, matcher: Matcher) -> bool:
    """Whether a value column's bracket says a period, not a unit: ``Population (year)`` beside ``Population``."""
    return column.unit is not None and fold(column.unit.target) in matcher.period_words


def _is_named(column: Column, subject: str, code: str | None) -> bool:
    if code and column.indicator is not None and column.indicator.target == code:
        return True
    bracket = UNIT_IN_HEADER.fullmatch(column.written)
    return subject in {fold(one_line(CAMEL.sub(" ", w).replace("_", " "))) for w in (column.written, bracket["name"] if bracket else column.written)}


def _answered(column: Column, matcher: Matcher) -> set[str]:
    """Folded headers of the value columns whose period this column is by the sender's answer."""
    for word in (placed_header(column.written, column.number), column.written, *column.written.split(PATH_MARK)):
        target, _, named = matcher.answered_headers.get(fold(one_line(word)), "").partition(TARGET_UNIT)
        if target == "period" and named:
            return {fold(one_line(w)) for w in named.split(TARGET_UNIT)}
    return set()


def period_subject(written: str, matcher: Matcher) -> str:
    """What a year column is the year of: ``populationYear`` gives ``population``; empty when the header has no word for a period."""
    if len(written) > LONGEST_WORD:
        return ""
    plain = one_line(CAMEL.sub(" ", written).replace("_", " "))
    words = matcher.period_words
    if bracket := UNIT_IN_HEADER.fullmatch(plain):
        name, inner = fold(bracket["name"]), fold(bracket["unit"])
        if name in words or inner in words:
            return _trimmed(inner if name in words else name)
    key = fold(plain)
    for word in words:
        if key != word and key.endswith(word) and _stands_alone(key[: -len(word)][-1:], word):
            return _trimmed(key[: -len(word)])
        if key != word and key.startswith(word) and _stands_alone(key[len(word) :][:1], word):
            return _trimmed(key[len(word) :])
    return ""


def _stands_alone(neighbour: str, word: str) -> bool:
    """Whether a word is not part of a longer one; scripts without spaces need no gap."""
    return not neighbour.isalnum() or not any(c.isascii() or "À" <= c <= "ỹ" or "؀" <= c <= "ۿ" for c in word)


def _trimmed(text: str) -> str:
    words = _words(text)
    while words and (words[0] in LINKS or words[-1] in LINKS):
        words = words[1:] if words[0] in LINKS else words[:-1]
    return " ".join(words)


def _words(text: str) -> list[str]:
    return [w for w in WORDS.split(fold(text)) if w]


def _calendar(column: Column, matcher: Matcher) -> str:
    key = fold(column.written)
    return next((matcher.vocabulary.header_calendars.get(w, "") for w in matcher.period_words if key.endswith(w) or key.startswith(w)), "")


def open_years(table: Table, matcher: Matcher, dates: DateHabits) -> list[ReadingTrouble]:
    """Ask which year counts where a table has several year columns and its words do not settle it.

    Returns:
        A trouble for each of several general year columns, for one that ``*`` would leave out while figures still take their year
        from a column that nobody named, for one that is one value column's while others have none, and for an answer that names
        no value column of the table. Each offers its answers.
    """
    general = table.columns_of("period")
    troubles = []
    if len(general) > 1:
        same = len({fold(c.written) for c in general}) < len(general)
        words = {c.number: placed_header(c.written, c.number) if same else c.written for c in general}
        troubles += [_trouble(table, c, "one of several columns of periods", words[c.number]) for c in general]
    needy = [c for c in table.columns if c.role in ("value", "incomplete") and not c.own_period and c.period is None]
    lacking = [c for c in needy if c.role == "incomplete" and not general and "period" not in table.constants]
    settled = "period" in table.constants or (len(general) == 1 and _is_chosen(general[0], matcher))
    for position, column in enumerate(table.columns):
        if column.role == "left_out" and needy and not settled and _holds_years(table, column, matcher, dates):
            table.columns[position] = replace(column, role="unknown")
            troubles.append(_trouble(table, column, "it holds years, and is not left out with the others", column.written))
        elif column.role == OWN_PERIOD and not any(c.own_period == column.number for c in table.columns):
            troubles.append(_trouble(table, column, "it is to be the period of a column that is no value column of this table", column.written))
        elif column.role == OWN_PERIOD and lacking and not _answered(column, matcher):
            trouble = _trouble(table, column, "it is the period of one column, and others have none", column.written)
            troubles.append(replace(trouble, offers=(("period", "the period of every column"),)))
    return troubles


def with_offers(troubles: list[ReadingTrouble], table: Table, matcher: Matcher, dates: DateHabits) -> list[ReadingTrouble]:
    """Offer, with every unknown header over years, to be the period of a value column."""
    at = {column_letters(c.number): c for c in table.columns if c.role == "unknown" and _holds_years(table, c, matcher, dates)}
    return [replace(t, offers=_offers(table)) if t.rule_id == "headers_are_known" and t.column in at and t.found != NO_HEADER else t for t in troubles]


def _trouble(table: Table, column: Column, fault: str, word: str) -> ReadingTrouble:
    letters = column_letters(column.number)
    return ReadingTrouble("headers_are_known", f"{word}{HEADER_FAULT}{fault}", table.sheet.name, column.row, letters, _offers(table))


def _offers(table: Table) -> tuple[tuple[str, str], ...]:
    values = [c for c in table.columns if c.role in ("value", "incomplete") and c.period is None]
    return tuple((f"period{TARGET_UNIT}{c.written}", f"the period of {c.written}") for c in values)


def _is_chosen(column: Column, matcher: Matcher) -> bool:
    """Whether the sender named this column as the period of the table."""
    words = (placed_header(column.written, column.number), column.written, *column.written.split(PATH_MARK))
    return any(matcher.answered_headers.get(fold(one_line(w))) == "period" for w in words)


def _holds_years(table: Table, column: Column, matcher: Matcher, dates: DateHabits) -> bool:
    """Whether a column says a period in its header and holds nothing but periods, and is not the year of a column left unread."""
    subject = period_subject(column.written, matcher)
    if not subject or any(c.role in UNREAD and fold(c.written) == subject for c in table.columns):
        return False
    texts = [(table.text(r, column.number), table.kind(r, column.number)) for r in table.data_rows]
    filled = [(t, k) for t, k in texts if t]
    return bool(filled) and all(_is_period(t, k, dates) for t, k in filled)


def _is_period(text: str, kind: str, dates: DateHabits) -> bool:
    if kind == "n" and not (text.isdigit() and int(text) in BARE_YEARS):
        return False
    return read_period(text, is_number=kind == "n", habits=dates).state in ("read", "ambiguous")
