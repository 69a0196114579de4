"""Whether two words are alike enough to be offered for one another; a likeness that would change the meaning is none.

Belongs here: comparing two folded words by kind. Does not belong here: the vocabulary (matching), choosing (a person).

Numbers, magnitudes, signs of units, directions and the level of a place decide: words that differ in one of them are never alike, however few
letters that takes. ``per 10 000`` is like ``per 100 000`` in 95 of 100 letters and ten times away.
"""

import re
import unicodedata
from functools import lru_cache

from pipelines.domain.texts import fold
from pipelines.intake.parsing.magnitudes import FOLDED, LONGEST_FIRST, NUMERALS

NUMBER_GAP = re.compile(r"(?<=\d)[\s.,'](?=\d{3}(?!\d))")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
TOKEN = re.compile(r"[^\W\d_]+")
EAST_ASIAN = re.compile(r"[㐀-鿿가-힣ぁ-ヿ]")
SHORT_SIGN = 4
ALIKE_TOKEN = 75
NAME_LETTERS = 2
# One more or one less of these makes another quantity, place or unit.
DECIDING = frozenset(fold(word) for word in (
    # directions and parts
    "north south east west central centre center northern southern eastern western upper lower inner outer old new greater "
    "utara selatan timur barat tengah pusat bắc nam đông tây trung เหนือ ใต้ ตะวันออก ตะวันตก กลาง شمال جنوب شرق غرب وسط "
    # levels of a place
    "city county district province state municipality village town prefecture region metropolitan capital kota kabupaten daerah negeri provinsi "
    "thành phố tỉnh quận huyện จังหวัด อำเภอ เขต เทศบาล محافظة منطقة مدينة "
    # what is counted, how, and of what
    "per without with not no non under over above below before after first second primary secondary tertiary male female men women boys girls "
    "birth births death deaths in out import export urban rural gross net public private daily monthly yearly annual weekly hourly quarterly "
    "max min maximum minimum mean median total share rate number households persons people vehicles"
).split())  # fmt: skip
EAST_ASIAN_DECIDING = frozenset("東西南北中上下内外新旧동서남북중신구남여男女県縣省市区區郡町村시군구도읍면리不非無无日月年前後후전대소大小高低")
PREFIXES = ("un", "non", "in", "im", "dis", "sub", "over", "under", "milli", "micro", "nano", "kilo", "mega", "giga", "tera", "centi", "deci", "hecto")
MAGNITUDE = re.compile(rf"(?<![^\W\d_])(?:hundred|dozen|{LONGEST_FIRST})s?(?![^\W\d_])")
HAN_MAGNITUDES = frozenset(word for word in FOLDED if len(word) == 1) | frozenset(NUMERALS)


def may_stand_for(kind: str, written: str, candidate: str) -> bool:
    """Whether a word of the vocabulary may be offered for a written one; both folded.

    Args:
        kind: headers, cities, indicators or units.
    """
    if _squeezed(written) == _squeezed(candidate):
        return True
    if _numbers(written) != _numbers(candidate) or _magnitudes(written) != _magnitudes(candidate):
        return False
    if EAST_ASIAN.search(written + candidate) and not _fit_as_east_asian(kind, written, candidate):
        return False
    mine, theirs = _differing_tokens(written, candidate)
    if kind == "units" and (len(mine) != len(theirs) or any(len(t) <= SHORT_SIGN for t in (*mine, *theirs))):
        return False
    if any(t in DECIDING for t in (*mine, *theirs)):
        return _are_slips(mine, theirs) and not (set(mine) & DECIDING and set(theirs) & DECIDING)
    return not _are_opposites(mine, theirs) and (len(mine) != len(theirs) or _are_slips(mine, theirs))


@lru_cache(maxsize=50_000)
def _squeezed(word: str) -> str:
    return "".join(c for c in word if c.isalnum())


@lru_cache(maxsize=50_000)
def _numbers(word: str) -> tuple[str, ...]:
    return tuple(sorted(NUMBER.findall(NUMBER_GAP.sub("", word))))


@lru_cache(maxsize=50_000)
def _magnitudes(word: str) -> tuple[str, ...]:
    plain = tuple(sorted(m.group().rstrip("s") for m in MAGNITUDE.finditer(word)))
    return plain + tuple(sorted(c for c in word if c in HAN_MAGNITUDES)) if EAST_ASIAN.search(word) else plain


@lru_cache(maxsize=50_000)
def _tokens(word: str) -> tuple[str, ...]:
    return tuple(TOKEN.findall("".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)) if word.isascii() else word))


def _differing_tokens(written: str, candidate: str) -> tuple[list[str], list[str]]:
    mine, theirs = list(_tokens(written)), list(_tokens(candidate))
    for token in list(mine):
        if token in theirs:
            mine.remove(token)
            theirs.remove(token)
    return mine, theirs


def _are_slips(mine: list[str], theirs: list[str]) -> bool:
    """Whether each differing token has its own slightly different partner."""
    from rapidfuzz import fuzz

    left = list(theirs)
    for token in mine:
        partner = max(left, key=lambda t: fuzz.ratio(token, t), default=None)
        if partner is None or fuzz.ratio(token, partner) < ALIKE_TOKEN or _is_opposite(token, partner):
            return False
        left.remove(partner)
    return not left


def _are_opposites(mine: list[str], theirs: list[str]) -> bool:
    return any(_is_opposite(a, b) for a in mine for b in theirs)


def _is_opposite(one: str, other: str) -> bool:
    """Whether one word is the other with a syllable before it that turns or scales it, or both have different ones of these."""
    bare_one, bare_other = _bare(one), _bare(other)
    return one != other and bool(bare_one & bare_other)


def _bare(word: str) -> set[str]:
    return {word} | {word.removeprefix(p) for p in PREFIXES if word.startswith(p) and len(word) > len(p) + 2}


def _fit_as_east_asian(kind: str, written: str, candidate: str) -> bool:
    """Words of few letters that each mean something: nothing that decides may differ, and a place keeps the letters of its name."""
    differing = set(written) ^ set(candidate)
    if differing & EAST_ASIAN_DECIDING or kind == "units":
        return False
    return kind != "cities" or written[:NAME_LETTERS] == candidate[:NAME_LETTERS]
