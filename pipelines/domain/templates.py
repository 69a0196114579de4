"""The identity a template carries, so that an upload is recognised before any row is read.

Belongs here: its fields, its digest, its written form. Does not belong here: writing workbooks (contracts).
"""

import hashlib
import json
from dataclasses import asdict, dataclass

IDENTITY_SHEET = "_citybench"
CSV_MARK = "citybench template"


@dataclass(frozen=True, slots=True)
class TemplateIdentity:
    """Contract, version, member, language and what was filled in: cell to the figure as written."""

    contract_id: str
    contract_version: str
    member_code: str
    language: str
    prefilled: dict[str, str]
    sha256: str

    @staticmethod
    def signed(contract_id: str, contract_version: str, member_code: str, language: str, prefilled: dict[str, str]) -> "TemplateIdentity":
        """Make an identity with its digest."""
        said = [contract_id, contract_version, member_code, language, sorted(prefilled.items())]
        digest = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
        return TemplateIdentity(contract_id, contract_version, member_code, language, prefilled, digest)

    @property
    def is_whole(self) -> bool:
        """Whether the digest fits; it does not once somebody edited the identity."""
        return self == TemplateIdentity.signed(self.contract_id, self.contract_version, self.member_code, self.language, self.prefilled)

    def to_json(self) -> str:
        """Write as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def identity_from_json(text: str) -> TemplateIdentity | None:
    """Read an identity back; ``None`` when the text is none."""
    try:
        found = json.loads(text)
        prefilled = {str(k): str(v) for k, v in found.pop("prefilled").items()}
        return TemplateIdentity(**{k: str(v) for k, v in found.items()}, prefilled=prefilled)
    except (ValueError, TypeError, AttributeError, KeyError):
        return None
