"""Wording of findings, from the message catalogue of the contracts folder.

Belongs here: looking a text up and filling it. Does not belong here: any text.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from pipelines.contracts.documents import OBSERVATIONS
from pipelines.domain.errors import ContractError


@dataclass(frozen=True, slots=True)
class Message:
    """What a rule says: the fault, what was expected, how to mend it."""

    what: str
    expected: str
    mend: str


@lru_cache(maxsize=16)
def load_messages(contracts_dir: Path, language: str = "en") -> dict[str, Message]:
    """Read one language's messages, rule id to message.

    Raises:
        ContractError: the catalogue is missing or an entry lacks a part.
    """
    path = contracts_dir / "messages" / f"{language}.yaml"
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
        return {str(k): Message(str(v["what"]), str(v["expected"]), str(v["mend"])) for k, v in entries.items()}
    except (OSError, KeyError, TypeError, yaml.YAMLError) as error:
        raise ContractError(f"Message catalogue {path.name}: {error!r}. Each rule needs what, expected and mend.") from error


@lru_cache(maxsize=16)
def contract_messages(contracts_dir: Path, contract_id: str, language: str = "en") -> dict[str, Message]:
    """Give the messages of one contract: those of observations, and on top of them its own, from one file of all languages.

    Raises:
        ContractError: the catalogue is missing or an entry lacks a part or the language.
    """
    messages = load_messages(contracts_dir, language)
    if contract_id == OBSERVATIONS:
        return messages
    path = contracts_dir / "messages" / f"{contract_id}.yaml"
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
        own = {str(k): Message(*(str(v[part][language]) for part in ("what", "expected", "mend"))) for k, v in entries.items()}
    except (OSError, KeyError, TypeError, yaml.YAMLError) as error:
        raise ContractError(f"Message catalogue {path.name}: {error!r}. Each rule needs what, expected and mend in {language}.") from error
    return {**messages, **own}
