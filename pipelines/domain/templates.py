"""The identity a template carries, so that an upload is recognised before any row is read, and what was handed out in it.

Belongs here: its fields, its digest, its written form, when a row says what it said before.
Does not belong here: writing workbooks (contracts), looking at what came back (intake).
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace

from pipelines.domain.texts import fold

IDENTITY_SHEET = "_citybench"
DATA_SHEET = "Data"
CSV_MARK = "citybench template"
# A cell of a workbook holds 32 767 characters at most.
PART_LENGTH = 30_000
PART = re.compile(rf"{CSV_MARK} (\d+)/(\d+) \[(.*)\]", re.S)
NO_QUALITY, NO_STATUS = "not_declared", "observed"


@dataclass(frozen=True, slots=True)
class RowContent:
    """All that one row of a template says, as codes and plain texts: two rows of one content say the same, wherever they stand."""

    city_code: str
    indicator_code: str
    period: str
    value: str
    unit_code: str
    numerator: str
    denominator: str
    status_code: str
    boundary_code: str
    definition_code: str
    quality_code: str
    source_note: str
    comment_written: str

    @property
    def key(self) -> str:
        """Which figure it is: city, indicator and period as written."""
        return " ".join((self.city_code, self.indicator_code, self.period))

    @property
    def digest(self) -> str:
        """Digest of everything it says."""
        return _digest(asdict(self))

    @property
    def remarks_digest(self) -> str:
        """Digest of what it says beside its figures: a row whose value alone was emptied still has it."""
        said = asdict(self)
        return _digest({name: said[name] for name in ("boundary_code", "definition_code", "quality_code", "source_note", "comment_written")})


def plain_figure(value: float | None) -> str:
    """Write a figure for comparison; office suites keep fifteen digits, and not always the last."""
    return "" if value is None else f"{value:.12g}"


def plain_text(text: str | None) -> str:
    """Write a text for comparison, without the white space that office suites change."""
    return " ".join((text or "").split())


def plain_period(text: str | None) -> str:
    """Write a period for comparison."""
    return fold(text or "")


@dataclass(frozen=True, slots=True)
class HandedOut:
    """One figure as it was handed out: the value as written, the digest of its row, and of what it says beside its figures."""

    value: str
    digest: str
    remarks_digest: str


@dataclass(frozen=True, slots=True)
class TemplateIdentity:
    """Contract, version, member, language, what was handed out by key, and the sheets that are ours and hold no data.

    Earlier forms knew figures by their cell: of them only the head is read, so that a person is told which template it is.
    """

    contract_id: str
    contract_version: str
    member_code: str
    language: str
    handed_out: dict[str, tuple[HandedOut, ...]] = field(default_factory=dict)
    own_sheets: tuple[str, ...] = ()
    sha256: str = ""
    is_earlier_form: bool = False

    def signed(self) -> "TemplateIdentity":
        """Give the identity with its digest."""
        return replace(self, sha256=_digest(self._said(), length=64))

    @property
    def is_whole(self) -> bool:
        """Whether the digest fits; it does not once somebody edited the identity."""
        return self.sha256 == _digest(self._said(), length=64)

    @property
    def n_handed_out(self) -> int:
        """How many figures were filled in."""
        return sum(len(figures) for figures in self.handed_out.values())

    def to_json(self) -> str:
        """Write as JSON."""
        return json.dumps({**self._said(), "sha256": self.sha256}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def to_parts(self, *, at_most: int = 0) -> list[str]:
        """Write as texts that fit into cells; each says which part it is, so that cells may be moved.

        Args:
            at_most: how many cells there are; longer parts rather than more of them. 0 when there is no end.
        """
        text = self.to_json()
        length = max(PART_LENGTH, -(-len(text) // at_most)) if at_most else PART_LENGTH
        pieces = [text[i : i + length] for i in range(0, len(text), length)]
        return [f"{CSV_MARK} {n}/{len(pieces)} [{piece}]" for n, piece in enumerate(pieces, 1)]

    def _said(self) -> dict[str, object]:
        figures = {key: [[f.value, f.digest, f.remarks_digest] for f in found] for key, found in self.handed_out.items()}
        return {
            "contract_id": self.contract_id, "contract_version": self.contract_version, "member_code": self.member_code,
            "language": self.language, "handed_out": figures, "own_sheets": list(self.own_sheets),
        }  # fmt: skip


UNREADABLE_IDENTITY = TemplateIdentity("", "", "", "")


def hand_out(rows: list[RowContent]) -> dict[str, tuple[HandedOut, ...]]:
    """Give what rows say, by key; two figures of one key differ by boundary or definition."""
    found: dict[str, tuple[HandedOut, ...]] = {}
    for row in rows:
        found[row.key] = (*found.get(row.key, ()), HandedOut(row.value, row.digest, row.remarks_digest))
    return found


def identity_from_parts(texts: list[str]) -> TemplateIdentity | None:
    """Read an identity back from the cells that hold its parts, in any order; ``None`` when they are no whole identity."""
    parts: dict[int, str] = {}
    n_parts = 0
    for text in texts:
        if (match := PART.fullmatch(text)) is not None:
            parts[int(match[1])], n_parts = match[3], int(match[2])
    if not parts or sorted(parts) != list(range(1, n_parts + 1)):
        return None
    return identity_from_json("".join(parts[n] for n in range(1, n_parts + 1)))


def identity_from_json(text: str) -> TemplateIdentity | None:
    """Read an identity back; ``None`` when the text is none."""
    try:
        found = json.loads(text)
        contract_id, version, member_code, language, sha256 = (
            str(found[name]) for name in ("contract_id", "contract_version", "member_code", "language", "sha256")
        )
        identity = TemplateIdentity(contract_id, version, member_code, language, sha256=sha256, is_earlier_form="prefilled" in found)
        if identity.is_earlier_form:
            return identity
        figures = {str(key): tuple(HandedOut(*map(str, figure)) for figure in given) for key, given in found["handed_out"].items()}
        return replace(identity, handed_out=figures, own_sheets=tuple(map(str, found["own_sheets"])))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None


def _digest(said: object, *, length: int = 16) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:length]
