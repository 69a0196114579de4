"""Words of template, annotated workbook and receipt, from the catalogue of the contracts folder.

Belongs here: looking a label up in a language. Does not belong here: any text, wording of findings (messages).
"""

from functools import lru_cache
from pathlib import Path

import yaml

from pipelines.domain.errors import ContractError

LANGUAGES = {
    "en": "English", "ko": "한국어", "ja": "日本語", "zh": "中文", "vi": "Tiếng Việt", "id": "Bahasa Indonesia", "ms": "Bahasa Melayu", "th": "ไทย",
    "ar": "العربية",
}  # fmt: skip
RIGHT_TO_LEFT = ("ar",)


def language_of(code: str) -> str:
    """Give the catalogue's language for a member's: ``zh-Hant`` is read in ``zh``, what we lack in English."""
    short = code.partition("-")[0]
    return short if short in LANGUAGES else "en"


@lru_cache(maxsize=4)
def load_labels(contracts_dir: Path) -> dict[str, dict[str, str]]:
    """Read every label in every language.

    Raises:
        ContractError: a label lacks a language.
    """
    path = contracts_dir / "messages" / "labels.yaml"
    try:
        labels: dict[str, dict[str, str]] = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ContractError(f"{path.name}: not readable ({error}).") from error
    for name, texts in labels.items():
        if set(texts) != set(LANGUAGES):
            raise ContractError(f"{path.name}: label '{name}' has {sorted(texts)}; it must have {sorted(LANGUAGES)}.")
    return labels


def label(contracts_dir: Path, name: str, language: str, **values: object) -> str:
    """Give one label in a language, filled with values."""
    return load_labels(contracts_dir)[name][language].format(**values)
