"""How the time of each parser of sender text grows with the text: over 1, 10 and 100 kB of shapes that make patterns go back.

Run by ``make bench`` as a table of ratios; ``tests/spec/test_parsers_are_linear.py`` runs the same parsers over the same shapes in a process
whose processor time is limited. Nothing is timed in a test.
"""

import contextlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from app.components.words import plain
from pipelines.contracts.catalogues import load_vocabulary, member_habits
from pipelines.domain.answers import Answers
from pipelines.domain.causes import rule_of_cause
from pipelines.domain.errors import UnreadableFileError
from pipelines.domain.places import country_key
from pipelines.domain.spreadsheet_texts import written_for_spreadsheets
from pipelines.domain.templates import identity_from_parts
from pipelines.domain.texts import fold, name_readings, one_line, raise_text, split_note_mark
from pipelines.intake.countries import split_country
from pipelines.intake.cut_figures import GROUP, HEAD
from pipelines.intake.glued_units import glued_unit
from pipelines.intake.headers import read_column, read_part, split_status, strip_brackets
from pipelines.intake.layouts import _line
from pipelines.intake.likeness import may_stand_for
from pipelines.intake.matching import Matcher
from pipelines.intake.own_names import OwnNames
from pipelines.intake.own_periods import period_subject
from pipelines.intake.parsing.magnitudes import magnitude_within, multiplier_word, read_chinese_numeral, split_groups, split_magnitude
from pipelines.intake.parsing.numbers import read_number
from pipelines.intake.parsing.periods import DateHabits, date_order_shown, read_period
from pipelines.intake.reading.number_formats import read_format, split_sections
from pipelines.intake.reading.open_styles import CONDITION, LENGTH
from pipelines.intake.reading.workbook_runs import ESCAPED
from pipelines.intake.reporting import ADDRESS, DATE_LIKE
from pipelines.intake.source_notes import named_years

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 10_000, 100_000)
HABITS = DateHabits("", "")
# What is repeated; most patterns that go back do so over one of these, with something before or behind that fits no pattern.
PIECES = (
    " ", "\t", "\n", "\u00a0", "\u3000", "1", "12 ", "1 234 ", "1,", "1,234", "1.", "1.234,", "1'", "٬", "٣", "٣٬", "²", "² ", "⁽", "⁽a", "⁽a⁾", "*", "†", "1)", " 1)",
    "p)", "(", ")", "()", "(a)", "((1))", "[", "（", "a", "A", "aB", "ab ", "a b", "a, b; ", "a/", "-", "- ", "–", "+", "=", ":", "a:", "：", "_", "|", "·",
    "\u0301", "a\u0301", "e\u0323\u0301", "\u0e31", "ก", "만", "만 ", "천", "1만", "1 만 ", "一", "三万", "万", "十", "年", "年 ", "市", "한", "열 ", "2015 ", "2015", "2015 column ",
    "column ", "years ", "fy ", "as of ", "as at ", "end of ", "năm ", "ngày ", "tháng 1 ", "tahun ", "ribu ", "juta", "million ", "million", "per 10 000 ", "jan ", "jan", "1 jan ",
    "2020-", "2020-01-", "2020/1", "q1 ", "令和", "พ.ศ. ", "م", " م", "末", "말", "현재 ", "00:00:00", "ce", "ad.", "e)", "<br", "<br ", "<br >", "https://", "x.csv", ".csv ", "http://a.csv ",
    "source ", "publication ", "updated on ", "published", "_x0041_", "_x", "value()", "value() ", "0", "0.0", "[h]", "[", "\"", "\\", ";", "citybench template 1/1 [", "Seoul ", "Seoul (", "Korea ", "'", "\u200b",
    "\ufeff", "\u202e", "e+", "1e", "%", "٪", "!", "A1!", "\x1c", "\x00",
)  # fmt: skip
ENDS = (("", ""), ("1", "x"), ("a", "!"), ("(", "1"), ("2020", "\u2603"), ("1 ", "만"), ("x (", ")"))


def parsers() -> dict[str, Callable[[str], object]]:
    """Every function that looks at a text of a sender, by name; caches are passed by."""
    vocabulary, habits = load_vocabulary(ROOT / "data_contracts"), member_habits(ROOT / "data_contracts", "VNM")
    matcher = Matcher(vocabulary, habits, Answers())
    own = OwnNames(vocabulary.cities.get("VNM", {}), vocabulary.places.levels)
    return {
        "number": read_number.__wrapped__,
        "magnitude groups": split_groups,
        "magnitude of a unit": split_magnitude,
        "magnitude within": magnitude_within,
        "multiplier": multiplier_word,
        "numeral": read_chinese_numeral,
        "period": lambda t: read_period.__wrapped__(t, habits=HABITS),
        "order of a date": date_order_shown,
        "date in the grid": DATE_LIKE.fullmatch,
        "folding": fold.__wrapped__,
        "note mark": split_note_mark,
        "readings of a name": name_readings,
        "one line": one_line,
        "raised text": raise_text,
        "city": matcher._city,
        "indicator": matcher._indicator,
        "unit": matcher._unit,
        "line of units": matcher.line_units,
        "total": matcher.is_total,
        "label": matcher._heads,
        "status mark": lambda t: split_status(t, matcher),
        "brackets": strip_brackets,
        "header cell": lambda t: read_part(t, matcher, HABITS),
        "header column": lambda t: read_column([(1, t, False)], 1, matcher, HABITS),
        "line above": lambda t: _line(1, [(1, "s" + t)], matcher),
        "glued unit": lambda t: glued_unit(t, matcher),
        "cut figure": lambda t: (HEAD.fullmatch(t), GROUP.fullmatch(t)),
        "own names": own._of,
        "country of a name": lambda t: split_country(t, matcher),
        "country": country_key,
        "subject of a year": lambda t: period_subject(t, matcher),
        "years of a note": named_years.__wrapped__,
        "suggested header": lambda t: matcher.suggest("headers", t),
        "suggested city": lambda t: matcher.suggest("cities", t),
        "suggested unit": lambda t: matcher.suggest("units", t),
        "likeness": lambda t: may_stand_for("indicators", fold(t), "population density"),
        "likeness of two": lambda t: may_stand_for("cities", fold(t), fold(t[:-1])),
        "address of a correction": ADDRESS.fullmatch,
        "cause of an explanation": rule_of_cause,
        "identity of a template": lambda t: identity_from_parts([t]),
        "number format": read_format.__wrapped__,
        "sections of a format": split_sections,
        "style of an open document": lambda t: (LENGTH.fullmatch(t), CONDITION.fullmatch(t)),
        "escaped letters": lambda t: ESCAPED.sub("", t),
        "text on a page": plain,
        "text for a spreadsheet": written_for_spreadsheets,
    }


def texts(size: int) -> Iterator[str]:
    """Every shape at about this many characters."""
    for piece in PIECES:
        body = (piece * (size // len(piece) + 1))[:size]
        for before, behind in ENDS:
            yield f"{before}{body}{behind}"


def growth(parser: Callable[[str], object], sizes: tuple[int, ...] = SIZES) -> tuple[list[float], str]:
    """Seconds over all shapes at each size, and the shape whose last step grew most."""
    took = [[_seconds(parser, text) for text in texts(size)] for size in sizes]
    shapes = [(piece, ends) for piece in PIECES for ends in ENDS]
    worst = max(range(len(shapes)), key=lambda i: took[-1][i])
    return [sum(one) for one in took], f"{shapes[worst]!r} {took[-1][worst] * 1000:.0f} ms"


def _seconds(parser: Callable[[str], object], text: str) -> float:
    started = time.perf_counter()
    with contextlib.suppress(UnreadableFileError):
        parser(text)
    return time.perf_counter() - started


def measure_growth() -> None:
    """Print, for every parser, how much longer ten times the text takes, summed over all shapes: ten is linear, a hundred quadratic."""
    print(f"growth of parsers over {len(PIECES) * len(ENDS)} shapes of 1, 10 and 100 kB: 10 kB / 1 kB, 100 kB / 10 kB, slowest shape at 100 kB", flush=True)
    for name, parser in parsers().items():
        (small, middle, large), slowest = growth(parser)
        print(f"  {name}: x {middle / small:.1f}, x {large / middle:.1f}; {slowest}", flush=True)


def work_through(size: int, seconds: int) -> list[str]:
    """Run every parser over every shape, each in a process of its own with this much processor time.

    Returns:
        The parsers that did not come through, with the shape they were at.
    """
    stuck = []
    for name, parser in parsers().items():
        reader, writer = os.pipe()
        if (process := os.fork()) == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            for text in texts(size):
                os.write(writer, text[:20].encode("utf-8", "replace") + b"\n")
                with contextlib.suppress(UnreadableFileError):
                    parser(text)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as said:
            last = said.read().decode("utf-8", "replace").rstrip("\n").rpartition("\n")[2]
        if os.waitpid(process, 0)[1] != 0:
            stuck.append(f"{name} at {last!r}")
    return stuck


if __name__ == "__main__":
    print(json.dumps(work_through(int(sys.argv[1]), int(sys.argv[2]))))
