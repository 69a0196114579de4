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
TOKEN = re.compile(r"[\u0e00-\u0e7f]+|[^\W\d_\u0e00-\u0e7f]+")
EAST_ASIAN = re.compile(r"[㐀-鿿가-힣ぁ-ヿ]")
SHORT_SIGN = 4
# Letters to change, add, leave out or swap before a word may be another one.
LONG_WORD = 9
# Pieces as short as this are codes or signs, not words: none is a slip of another.
CODE_LETTERS = 3
SLIPS, SLIPS_OF_LONG_WORDS = 1, 2
# Endings that say what a place is, longest first; two places with different ones are two places.
LEVELS = re.compile("(특별자치시|특별자치도|특별시|광역시|시|도|군|구|읍|면|동|都|道|府|県|縣|市|区|區|町|村|郡|省|州|乡|鄉|镇|鎮)$")
# Particles that change nothing, and letters that are written for one another.
SAME_LETTERS = str.maketrans("년률", "연율", "의및와과の的之和及")
SAME_JAMO = 2
# Words that change nothing between the others.
FILLERS = frozenset(("of", "the", "a", "an", "and", "for", "by", "at", "to", "on", "de", "dan", "yang", "và", "của", "di"))
# One more or one less of these makes another quantity, place or unit: directions, levels of a place, what is counted and how.
DIRECTIONS = """
north south east west central centre center northern southern eastern western upper lower inner outer old new greater
utara selatan timur barat tengah pusat bắc nam đông tây trung شمال جنوب شرق غرب وسط
"""
PLACES = """
city county district province state municipality village town prefecture region metropolitan capital kota kabupaten daerah negeri provinsi
thành phố tỉnh quận huyện محافظة منطقة مدينة
"""
COUNTING = """
per without with not no non under over above below before after first second primary secondary tertiary male female men women boys girls
birth births death deaths in out import export urban rural gross net public private daily monthly yearly annual weekly hourly quarterly
max min maximum minimum mean median total share rate number households persons people vehicles
"""
DECIDING = frozenset(fold(word) for words in (DIRECTIONS, PLACES, COUNTING) for word in words.split())
# Thai is written without spaces: there such a word is looked for inside.
THAI_DECIDING = ("เหนือ", "ใต้", "ตะวันออก", "ตะวันตก", "กลาง", "จังหวัด", "อำเภอ", "เขต", "เทศบาล", "ชาย", "หญิง", "ไม่", "ต่อ", "เกิด", "ตาย")
EAST_ASIAN_DECIDING = frozenset("동서남북중신구남여초비불무유실대소고저상하전후내외")
PREFIXES = ("un", "non", "in", "im", "dis", "sub", "over", "under", "milli", "micro", "nano", "kilo", "mega", "giga", "tera", "centi", "deci", "hecto")
MAGNITUDE = re.compile(rf"(?<![^\W\d_])(?:hundred|dozen|{LONGEST_FIRST})s?(?![^\W\d_])")
HAN_MAGNITUDES = frozenset(word for word in FOLDED if len(word) == 1) | frozenset(NUMERALS)


def may_stand_for(kind: str, written: str, candidate: str) -> bool:
    """Whether a word of the vocabulary may be offered for a written one; both folded.

    Args:
        kind: headers, cities, indicators or units.
    """
    if _numbers(written) != _numbers(candidate):
        return False
    if _squeezed(written) and _squeezed(written) == _squeezed(candidate):
        return True
    if _magnitudes(written) != _magnitudes(candidate):
        return False
    if EAST_ASIAN.search(written + candidate):
        return kind != "units" and _fit_as_east_asian(_squeezed(written), _squeezed(candidate))
    if any((word in written) != (word in candidate) for word in THAI_DECIDING):
        return False
    mine, theirs = _differing_tokens(written, candidate)
    if kind == "units" and (len(mine) != len(theirs) or any(len(t) <= SHORT_SIGN for t in (*mine, *theirs))):
        return False
    return not (set(mine) & DECIDING and set(theirs) & DECIDING) and _are_slips(mine, theirs)


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
    return tuple(TOKEN.findall(word))


def _differing_tokens(written: str, candidate: str) -> tuple[list[str], list[str]]:
    mine, theirs = ([t for t in _tokens(word) if t not in FILLERS] for word in (written, candidate))
    for token in list(mine):
        if token in theirs:
            mine.remove(token)
            theirs.remove(token)
    return mine, theirs


def _are_slips(mine: list[str], theirs: list[str]) -> bool:
    """Whether each differing token has its own slightly different partner."""
    from rapidfuzz.distance import OSA

    left = list(theirs)
    for token in mine:
        partner = min(left, key=lambda t: OSA.distance(token, t), default=None)
        if partner is None or max(len(token), len(partner)) <= CODE_LETTERS or _is_opposite(token, partner):
            return False
        if OSA.distance(token, partner) > (SLIPS_OF_LONG_WORDS if min(len(token), len(partner)) >= LONG_WORD else SLIPS):
            return False
        left.remove(partner)
    return not left


def _is_opposite(one: str, other: str) -> bool:
    """Whether one word is the other with a syllable before it that turns or scales it, or both have different ones of these."""
    bare_one, bare_other = _bare(one), _bare(other)
    return one != other and bool(bare_one & bare_other)


def _bare(word: str) -> set[str]:
    return {word} | {word.removeprefix(p) for p in PREFIXES if word.startswith(p) and len(word) > len(p) + 2}


def _fit_as_east_asian(written: str, candidate: str) -> bool:
    """Words of few letters that each mean something: the same but for particles, a level left out, or one syllable mistyped."""
    plain, other = written.translate(SAME_LETTERS), candidate.translate(SAME_LETTERS)
    level, other_level = LEVELS.search(plain), LEVELS.search(other)
    if level and other_level and level.group() != other_level.group():
        return False
    if plain == other or (other.startswith(plain) and LEVELS.fullmatch(other[len(plain) :])):
        return True
    differing = [(a, b) for a, b in zip(plain, other, strict=False) if a != b]
    return len(plain) == len(other) and len(differing) == 1 and _is_mistyped(*differing[0])


def _is_mistyped(one: str, other: str) -> bool:
    """Whether two Hangul syllables differ in one of their letters, and neither decides."""
    letters, others = unicodedata.normalize("NFD", one), unicodedata.normalize("NFD", other)
    n_same = sum(a == b for a, b in zip(letters, others, strict=False))
    return n_same >= SAME_JAMO and not {one, other} & EAST_ASIAN_DECIDING
