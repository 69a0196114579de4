"""Magnitude words of the forum's languages, and Chinese numerals.

Belongs here: 천 만 억, 千 万 亿 兆, ribu juta miliar, nghìn triệu tỷ, ألف مليون مليار and their kin; 三万五千.
Does not belong here: digits and separators (numbers), units (vocabulary).
"""

import re
import unicodedata
from decimal import Decimal

from pipelines.domain.texts import fold

HUNDRED, THOUSAND, MYRIAD, LAKH, MILLION = 10**2, 10**3, 10**4, 10**5, 10**6
CRORE, HUNDRED_MILLION, BILLION, TRILLION = 10**7, 10**8, 10**9, 10**12

WORDS: dict[str, int] = {
    # Korean
    "백": HUNDRED, "천": THOUSAND, "만": MYRIAD, "십만": LAKH, "백만": MILLION, "천만": CRORE, "억": HUNDRED_MILLION, "십억": BILLION,
    "백억": 10**10, "천억": 10**11, "조": TRILLION,
    # Chinese and Japanese
    "百": HUNDRED, "千": THOUSAND, "万": MYRIAD, "萬": MYRIAD, "十万": LAKH, "十萬": LAKH, "百万": MILLION, "百萬": MILLION, "千万": CRORE,
    "千萬": CRORE, "亿": HUNDRED_MILLION, "億": HUNDRED_MILLION, "十亿": BILLION, "十億": BILLION, "百億": 10**10, "百亿": 10**10,
    "千億": 10**11, "千亿": 10**11, "兆": TRILLION, "万亿": TRILLION,
    # Indonesian and Malay
    "ribu": THOUSAND, "juta": MILLION, "miliar": BILLION, "milyar": BILLION, "triliun": TRILLION, "bilion": BILLION, "trilion": TRILLION,
    # Vietnamese
    "nghìn": THOUSAND, "ngàn": THOUSAND, "triệu": MILLION, "tỷ": BILLION, "tỉ": BILLION, "nghìn tỷ": TRILLION,
    # Arabic and Persian
    "ألف": THOUSAND, "الف": THOUSAND, "آلاف": THOUSAND, "مليون": MILLION, "ملايين": MILLION, "مليار": BILLION, "تريليون": TRILLION,
    "هزار": THOUSAND, "میلیون": MILLION, "میلیارد": BILLION,
    # Thai
    "พัน": THOUSAND, "หมื่น": MYRIAD, "แสน": LAKH, "ล้าน": MILLION, "พันล้าน": BILLION,
    # English, and the words of the Indian system
    "thousand": THOUSAND, "million": MILLION, "billion": BILLION, "trillion": TRILLION, "lakh": LAKH, "crore": CRORE, "mn": MILLION, "bn": BILLION,
}  # fmt: skip
# 兆 is a million as a prefix in mainland China and 10^12 elsewhere.
UNDECIDED_WORDS = {"CHN": ("兆",)}
# Numbers are read as written but for NFKC; units arrive folded.
FOLDED = {key: factor for word, factor in WORDS.items() for key in (unicodedata.normalize("NFKC", word).casefold(), fold(word))}
LONGEST_FIRST = "|".join(re.escape(word) for word in sorted(FOLDED, key=len, reverse=True))
# The digits are possessive: no word starts with one of their signs, so giving any back would only repeat the work.
GROUP = re.compile(rf"(?P<number>[\d.,٬٫\s']*+)(?P<word>{LONGEST_FIRST})(?![^\W\d_ก-๿؀-ۿ一-鿿가-힣])")
NUMERALS = {
    **dict(zip("〇一二三四五六七八九", range(10), strict=True)), **dict(zip("零壹貳參肆伍陸柒捌玖", range(10), strict=True)),
    "两": 2, "兩": 2, "贰": 2, "叁": 3, "陆": 6,
}  # fmt: skip
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": MYRIAD, "萬": MYRIAD, "亿": HUNDRED_MILLION, "億": HUNDRED_MILLION, "兆": TRILLION}


def split_groups(plain: str) -> list[tuple[str, int]]:
    """Split a folded text into numbers and the factors that follow them.

    Returns:
        ``3만 5천`` gives ``[("3", 10000), ("5", 1000)]``, ``1억2,000만7`` ends with ``("7", 1)``;
        empty when any part is neither a number nor a word.
    """
    groups: list[tuple[str, int]] = []
    position = 0
    while match := GROUP.match(plain, position):
        groups.append((match["number"].strip(), FOLDED[match["word"]]))
        position = match.end()
    rest = plain[position:].strip()
    if not groups:
        return []
    if rest:
        if not re.fullmatch(r"[\d.,٬٫\s']+", rest):
            return []
        groups.append((rest, 1))
    return groups


def split_magnitude(folded: str) -> tuple[int, str]:
    """Split a magnitude word off a folded unit: ``백만 원`` gives a million and ``원``, ``rm juta`` a million and ``rm``.

    Returns:
        Factor and rest; factor 1 when no word stands there.
    """
    for word in sorted(FOLDED, key=len, reverse=True):
        rest = ""
        if folded.startswith(word) and len(folded) > len(word) and (folded[len(word)] == " " or not word.isascii()):
            rest = folded[len(word) :].strip()
        elif folded.endswith(" " + word):
            rest = folded[: -len(word)].strip()
        if rest:
            return FOLDED[word], rest
    return 1, folded


def multiplier_word(written: str) -> int | None:
    """The factor that a multiplier column names by its label instead of its code, as SDMX's ``Thousands`` or ``Units``; ``None`` for anything else."""
    word = fold(written).removesuffix("s")
    return 1 if word == "unit" else FOLDED.get(word)


def magnitude_within(folded: str) -> int:
    """Find a magnitude word anywhere, as in ``in thousands`` or a bare ``천``; 1 when there is none."""
    for word in sorted(FOLDED, key=len, reverse=True):
        if re.search(rf"\b{word}s?\b", folded) if word.isascii() else word in folded:
            return FOLDED[word]
    return 1


def read_chinese_numeral(plain: str) -> Decimal | None:
    """Read a number in Chinese numerals.

    Returns:
        The value of ``三万五千`` or ``二〇二三``; ``None`` for anything else. A single 一 may be a dash and is not read.
    """
    whole, point, decimals = plain.replace("點", "点").partition("点")
    letters = set(whole) | set(decimals)
    if len(plain) < 2 or not letters <= {*NUMERALS, *SMALL, *LARGE} or (point and not decimals):
        return None
    if not set(whole) & {*SMALL, *LARGE}:
        value = Decimal("".join(str(NUMERALS[c]) for c in whole)) if whole else None
    else:
        value = _additive(whole)
    if value is None or not set(decimals) <= set(NUMERALS):
        return None
    return value + Decimal("0." + "".join(str(NUMERALS[c]) for c in decimals)) if decimals else value


def _additive(text: str) -> Decimal | None:
    total, section, digit, last_small = 0, 0, -1, 10**5
    last_large = 10**20
    for letter in text:
        if letter in NUMERALS:
            if digit > 0:
                return None
            digit = NUMERALS[letter]
        elif letter in SMALL:
            if SMALL[letter] >= last_small or digit == 0:
                return None
            section, last_small, digit = section + (1 if digit < 0 else digit) * SMALL[letter], SMALL[letter], -1
        else:
            section += max(digit, 0)
            if LARGE[letter] >= last_large or section == 0:
                return None
            total, section, digit, last_small, last_large = total + section * LARGE[letter], 0, -1, 10**5, LARGE[letter]
    return Decimal(total + section + max(digit, 0))
