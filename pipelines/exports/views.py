"""A view: the page, the edition and every control, frozen. Its address, title, file names and hash are made here and nowhere else.

Belongs here: how a view is spelt. Does not belong here: which controls a page has (app), what a table says.
"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote

EDITION = "edition"
SAFE = ":/~,"
STEM_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Control:
    """One control as it stands: its name in the address, its word there, its label, and the word as a person reads it."""

    name: str
    word: str
    label: str
    spelled: str


@dataclass(frozen=True, slots=True)
class View:
    """What a reader looks at.

    ``page`` is the path without a slash, empty for the first page; ``page_title`` is its name; ``edition_id`` is empty where no edition is read.
    ``controls`` stand in the order of the page; one without a word (nothing chosen, which means all) is not among them.
    """

    page: str
    page_title: str
    edition_id: str
    controls: tuple[Control, ...] = ()

    @property
    def words(self) -> dict[str, str]:
        """Every part of the address with its word."""
        edition = {EDITION: self.edition_id} if self.edition_id else {}
        return edition | {c.name: c.word for c in self.controls}

    @property
    def address(self) -> str:
        """The address without host; opened, it gives this view again."""
        query = "&".join(f"{quote(name)}={quote(word, safe=SAFE)}" for name, word in self.words.items())
        return f"/{self.page}" + (f"?{query}" if query else "")

    @property
    def title(self) -> str:
        """The page and every control as a person reads them."""
        return "; ".join([self.page_title, *(f"{c.label}: {c.spelled}" for c in self.controls)])

    @property
    def view_hash(self) -> str:
        """Digest of the address, for names of files."""
        return hashlib.sha256(self.address.encode()).hexdigest()[:8]

    def file_stem(self, table_title: str) -> str:
        """Name a file of this view, without ending: its table, its edition, its view; ASCII, lower case."""
        words = re.sub(r"[^a-z0-9]+", "-", f"{self.page} {table_title}".lower()).strip("-")[:STEM_LENGTH].strip("-")
        return "-".join(part for part in (words, self.edition_id, self.view_hash) if part)
