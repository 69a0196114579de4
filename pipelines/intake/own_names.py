"""Whether a name that nobody matched looks like one of the member's own cities.

Belongs here: names without their level words, and how near they stand to the register's. Does not belong here: matching (exact),
what follows from likeness (left_out), other words that are alike (likeness).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from pipelines.domain.places import CITY
from pipelines.domain.texts import LONGEST_WORD, fold, split_note_mark

LIKE_ENOUGH = 88  # per cent of shared letters in order; one slip in a name of eight letters gives 94
LONG_ENOUGH = 5  # shorter names differ by one letter from too many others
MOST_WORDS = 40  # of a name; a text of more words is a sentence
EDGES = " \t.,;:()[]（）-–_/"
SPLIT = re.compile(r"[\s.,;:()\[\]（）\-–_/]+")


class Likeness(StrEnum):
    """How a name stands to the member's own cities."""

    NONE = ""
    SAME = "same"
    LIKE = "like"
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class BareName:
    """A name without the words of its level, and the levels those words say."""

    core: str
    levels: frozenset[str]


def bare_name(written: str, levels: dict[str, str]) -> BareName:
    """Take level words off both ends: ``Osaka City``, ``大阪市`` and ``Kota Bandung`` give ``osaka``, ``大阪`` and ``bandung``."""
    core, found = fold(split_note_mark(written)[0]).strip(EDGES), set()
    words = sorted(levels, key=len, reverse=True)
    while True:
        for word in words:
            rest = _without(core, word)
            if len(rest) > 1:
                found.add(levels[word])
                core = rest.strip(EDGES)
                break
        else:
            return BareName(core, frozenset(found))


def _without(core: str, word: str) -> str:
    """The name without a level word at one of its ends; empty when the word does not stand there as a word."""
    if core == word:
        return ""
    if core.endswith(word) and (word.startswith("-") or _is_glued(word) or core[-len(word) - 1] in EDGES):
        return core[: -len(word)]
    thai_or_ideograph = _is_glued(word) and not _is_ideograph(word)
    if core.startswith(word) and not word.startswith("-") and (thai_or_ideograph or core[len(word)] in EDGES):
        return core[len(word) :]
    return ""


@lru_cache(maxsize=2_000)
def _is_glued(word: str) -> bool:
    """Whether a script writes its level words without a space: ideographs, kana, hangul, Thai."""
    return any(unicodedata.name(c, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA", "THAI")) for c in word)


def _is_ideograph(word: str) -> bool:
    return any(unicodedata.name(c, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")) for c in word)


def _shared_heads(names: dict[str, str]) -> dict[str, str]:
    """What stands before a bracket in names of several cities: the register holds Tokyo only with a word that says which Tokyo."""
    codes: dict[str, set[str]] = {}
    for name, code in names.items():
        head, bracket, _ = name.partition("(")
        if bracket and head.strip():
            codes.setdefault(head.strip(), set()).add(code)
    return {head: min(found) for head, found in codes.items() if len(found) > 1}


class OwnNames:
    """The names of a member's cities, ready to be compared with."""

    def __init__(self, names: dict[str, str], levels: dict[str, str]) -> None:
        self.levels = levels
        self.cores = {bare_name(name, levels).core: code for name, code in names.items()} | _shared_heads(names)
        self.of = lru_cache(maxsize=50_000)(self._of)
        self.bare = lru_cache(maxsize=50_000)(lambda written: bare_name(written, levels))

    def _of(self, written: str) -> Likeness:
        if len(written) > LONGEST_WORD:
            return Likeness.NONE
        name = self.bare(written)
        is_city = name.levels <= {CITY}
        if name.core in self.cores:
            return Likeness.SAME if is_city else Likeness.MENTIONS
        if self._near(name.core):
            return Likeness.LIKE if is_city else Likeness.MENTIONS
        return Likeness.MENTIONS if self._mentions(written) else Likeness.NONE

    def _near(self, core: str) -> bool:
        from rapidfuzz import fuzz, process

        if len(core) < LONG_ENOUGH or _is_ideograph(core):
            return False
        mine = [c for c in self.cores if c[:1] == core[:1] and len(c) >= LONG_ENOUGH]
        return process.extractOne(core, mine, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH) is not None

    def _mentions(self, written: str) -> bool:
        """Whether a city's name stands in a longer one as words of its own: ``Greater Osaka``, ``大阪市 北区``."""
        words = [w for w in SPLIT.split(fold(written)) if w][:MOST_WORDS]
        spans = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(i + 4, len(words)) + 1)}
        return any(len(core) > 1 and core in self.cores for core in (self.bare(span).core for span in spans))
