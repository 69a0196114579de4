"""Match written words to codes: exactly, then by what the sender confirmed; likeness only suggests.

Belongs here: one file's words against the vocabulary, and suggestions with a confidence. Does not belong here:
where a word stands (layouts).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from pipelines.domain.answers import EVERYTHING_ELSE, IGNORED, Answers
from pipelines.domain.source_fields import SOURCE_FIELD_ROLES, SOURCE_LINES
from pipelines.domain.texts import LONGEST_WORD, fold, name_readings, one_line, split_note_mark
from pipelines.domain.vocabularies import MemberHabits, Vocabulary
from pipelines.intake.likeness import may_stand_for
from pipelines.intake.parsing.magnitudes import UNDECIDED_WORDS, magnitude_within, split_magnitude
from pipelines.intake.shares import READINGS

NATIONAL_CODE = re.compile(r"(.*\S)\s*[(\[（]\s*\d{4,12}\s*[)\]）]")
LABELS = ("city", "indicator", "period", "value")
UNIT_LIST = re.compile(r"[,，、;；]")
TARGET_UNIT = " | "
CONSTANTS = ("city", "country", "indicator", "period", "unit", "boundary", "definition", *SOURCE_LINES)
ENOUGH_LIKE = 72
N_SUGGESTIONS = 3
N_LOOKED_AT = 30
ROLES = frozenset(
    ("city", "indicator", "period", "value", "unit", "numerator", "denominator", "boundary", "definition", "quality", "source", "comment", "status",
     "unit_multiplier", "technical", "explanation", "country", "standard_error", *SOURCE_FIELD_ROLES)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LikeWord:
    """A word of the vocabulary that is like the written one; a person decides."""

    target: str
    word: str
    confidence: int


@dataclass(frozen=True, slots=True)
class MatchedUnit:
    """A unit's code, empty when unknown, and the magnitude word before it as a factor."""

    unit_code: str
    factor: int = 1


class Matcher:
    """Words of one file; every answer is exact or was confirmed by a person."""

    def __init__(self, vocabulary: Vocabulary, habits: MemberHabits, answers: Answers) -> None:
        self.vocabulary = vocabulary
        self.habits = habits
        self.answers = answers
        self.cities = {**vocabulary.cities.get("*", {}), **vocabulary.cities.get(habits.member_code, {}), **_folded(answers.cities)}
        self.indicators = {**vocabulary.indicators, **_folded(answers.indicators)}
        self.units = {**vocabulary.units, **_folded(answers.units)}
        self.answered_headers = {fold(one_line(word)): target for word, target in answers.headers.items()}
        self.period_words = sorted((w for w, role in vocabulary.headers.items() if role == "period"), key=len, reverse=True)
        self.city = lru_cache(maxsize=50_000)(self._city)
        self.indicator = lru_cache(maxsize=50_000)(self._indicator)
        self.heads = lru_cache(maxsize=20_000)(self._heads)
        self.unit = lru_cache(maxsize=5_000)(self._unit)

    def _city(self, written: str) -> tuple[str | None, str]:
        """Find a city; returns its code and what was taken off the name."""
        for word in name_readings(written):
            if code := self.cities.get(fold(word)):
                return code, "" if word == written else f"note mark {split_note_mark(written)[1]}"
        if len(written) <= LONGEST_WORD and (match := NATIONAL_CODE.fullmatch(written)) and (code := self.cities.get(fold(match[1]))):
            return code, f"code {written[len(match[1]) :].strip()}"
        return None, ""

    def city_of_parts(self, parts: tuple[str, ...]) -> tuple[str | None, str, str]:
        """Find a city written in two columns, region and part.

        Returns:
            Code, the written name, and what was taken off. A total in the second column means the region itself.
        """
        # A part is never matched alone: 광주시 of 경기도 is not the city of 광주, and 중구 stands in many cities.
        filled = list(dict.fromkeys(p for p in parts if p and not self.is_total(p)))
        if not filled:
            return None, " ".join(p for p in parts if p), ""
        joined = " ".join(filled)
        named = [p for p in filled if not p.isdecimal()]
        if len(named) == 1:
            return self.city(named[0])[0], joined, self.city(named[0])[1]
        return self.city(joined)[0], joined, self.city(joined)[1]

    def leaves_out(self, kind: str, code: str | None) -> bool:
        """Whether the sender said to leave this row's city or indicator out: by its name, or everything unknown by ``*``."""
        answered = self.answers.cities if kind == "city" else self.answers.indicators
        return code == IGNORED or (code is None and answered.get(EVERYTHING_ELSE) == IGNORED)

    def _indicator(self, written: str) -> tuple[str | None, str]:
        """Find an indicator; returns its code and ``matched``, ``edition_missing`` or ``unknown``."""
        for word in name_readings(written):
            if code := self.indicators.get(fold(word)):
                return code, "matched"
        bare = fold(written).removeprefix("iso").strip()
        bare = bare.removeprefix("37120").removeprefix("37122").removeprefix("37123").strip(" -/,")
        return None, "edition_missing" if bare in self.vocabulary.clauses_without_edition else "unknown"

    def indicator_mark(self, written: str) -> str:
        """The note mark that had to be taken off an indicator's name to find it."""
        return "" if fold(written) in self.indicators and written in name_readings(written) else split_note_mark(written)[1]

    def definition(self, indicator_code: str | None, written: str) -> str | None:
        """Find the definition of an indicator that an office follows, by its words."""
        return self.vocabulary.definitions.get(indicator_code or "", {}).get(fold(written))

    def reading(self, indicator_written: str) -> str | None:
        """The definition that an indicator's own name says, as revenue water does; ``None`` where the name says only what is measured."""
        return next((code for word in name_readings(indicator_written) if (code := self.vocabulary.readings.get(fold(word)))), None)

    def _unit(self, written: str) -> MatchedUnit:
        key = fold(written)
        if code := self.units.get(key):
            return MatchedUnit(code)
        factor, rest = split_magnitude(key)
        if factor != 1 and not any(word in key for word in UNDECIDED_WORDS.get(self.habits.member_code, ())):
            return MatchedUnit(self.units.get(rest, ""), factor)
        return MatchedUnit("")

    def count_factor(self, written: str) -> int:
        """The factor of a unit of counting, as in ``thousand persons``; 0 for any other unit."""
        factor, rest = split_magnitude(fold(written))
        return factor if self.units.get(rest) == "count" else 0

    def line_units(self, written: str) -> list[MatchedUnit]:
        """Every unit that a line above a table lists, as in ``(단위: 명, 천대)``; a bare magnitude has no code."""
        if len(written) > LONGEST_WORD:
            return []
        units = [(part, self.unit(part.strip())) for part in UNIT_LIST.split(written)]
        return [u if u.unit_code else MatchedUnit("", magnitude_within(fold(part))) for part, u in units]

    def is_total(self, written: str) -> bool:
        """Whether a word stands for a total over cities or kinds."""
        return fold(written) in self.vocabulary.totals or fold(split_note_mark(written)[0]) in self.vocabulary.totals

    def _heads(self, written: str) -> bool:
        """Whether a text, or what stands before its bracket, is a label that can head a column."""
        key = fold(written)
        return any(self.vocabulary.headers.get(w) in LABELS or self.answered_headers.get(w) in LABELS for w in (key, key.partition("(")[0].strip()))

    def header(self, written: str) -> str:
        """Give what the sender or the vocabulary says a header is: a role, an indicator's code, ``ignore`` or empty."""
        key = fold(written)
        return self.answered_headers.get(key) or self.vocabulary.headers.get(key) or self.indicators.get(key, "")

    def unfit_answers(self) -> list[str]:
        """Name each answer that points to no code we know; a word that the file lacks is no fault, since recipes serve many files."""
        cities = {*self.vocabulary.cities.get("*", {}).values(), *self.vocabulary.cities.get(self.habits.member_code, {}).values()}
        indicators, units = set(self.vocabulary.indicators.values()), set(self.vocabulary.units.values())
        unfit = [f"header {w!r}: {t!r} is no role, indicator or 'ignore'" for w, t in self.answers.headers.items() if not self._is_target(t, indicators)]
        unfit += [f"city {w!r}: {self.habits.member_code} has no city {c!r}" for w, c in self.answers.cities.items() if c not in {*cities, IGNORED}]
        unfit += [f"indicator {w!r}: there is no indicator {c!r}" for w, c in self.answers.indicators.items() if c not in {*indicators, IGNORED}]
        unfit += [f"unit {w!r}: there is no unit {c!r}" for w, c in self.answers.units.items() if c not in units]
        unfit += [f"{name!r} is nothing that a whole table can be about" for name in self.answers.constants if name not in CONSTANTS]
        unfit += [f"shares of {c!r}: {r!r} is not 'fraction' or 'percent', or it is no indicator in per cent" for c, r in self.answers.shares.items()
                  if r not in READINGS or c not in self.vocabulary.shares]  # fmt: skip
        wide = (self.answers.headers, self.answers.cities, self.answers.indicators)
        return unfit + [f"'*' can only be left out, not {a[EVERYTHING_ELSE]!r}" for a in wide if a.get(EVERYTHING_ELSE, IGNORED) != IGNORED]

    def _is_target(self, target: str, indicators: set[str]) -> bool:
        named, _, unit = target.partition(TARGET_UNIT)
        if named == "period" and unit:
            return True
        return named in indicators and bool(self._unit(unit).unit_code) if unit else target in {IGNORED, *ROLES, *indicators}

    def suggest(self, kind: str, written: str) -> tuple[LikeWord, ...]:
        """Suggest words like the written one.

        Args:
            kind: headers, cities, indicators or units.
        """
        tables = {
            "headers": [self.vocabulary.headers, self.indicators], "cities": [self.cities], "indicators": [self.indicators], "units": [self.units],
        }  # fmt: skip
        candidates = {word: code for table in tables[kind] for word, code in table.items()}
        if kind == "cities" and fold(written) not in candidates and written.endswith(")") and (named := written.rpartition(" (")[0]):
            # A name asked with what stands against it, as in "Manila (Barangay)": likeness is the name's own.
            return _alike(kind, fold(named), candidates) or _alike(kind, fold(written), candidates)
        return _alike(kind, fold(written), candidates)


def _folded(given: dict[str, str]) -> dict[str, str]:
    return {fold(word): code for word, code in given.items()}


def _alike(kind: str, word: str, candidates: dict[str, str]) -> tuple[LikeWord, ...]:
    from rapidfuzz import fuzz, process

    if not word or len(word) > LONGEST_WORD:
        return ()
    found: dict[str, LikeWord] = {}
    for candidate, score, _ in process.extract(word, candidates.keys(), scorer=fuzz.ratio, limit=N_LOOKED_AT, score_cutoff=ENOUGH_LIKE):
        code = candidates[candidate]
        if not may_stand_for(kind, word, candidate):
            continue
        found.setdefault(code, LikeWord(code, candidate, round(score)))
    return tuple(found.values())[:N_SUGGESTIONS]
