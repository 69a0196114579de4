"""Read separated text strictly: encoding proved by a strict decode, one separator, no sniffing.

Belongs here: bytes of a text file to a grid. Does not belong here: what a cell means.
"""

import csv
import io
from collections import Counter

from pipelines.domain.errors import UnreadableFileError
from pipelines.intake.reading.cells import ReadFile, Sheet

BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_text_file(content: bytes, *, encodings: list[str], delimiters: list[str], declared: str = "") -> ReadFile:
    """Read a text table.

    Args:
        content: the file's bytes.
        encodings: encodings of the member's country, tried when the file is not UTF-8.
        delimiters: separators of the contract.
        declared: encoding named by the sender, or empty.

    Raises:
        UnreadableFileError: no, or more than one, encoding fits; or the text is no table.
    """
    if not content.strip():
        raise UnreadableFileError("file_is_readable", "an empty file")
    text, encoding = decode(content, encodings=encodings, declared=declared)
    if "\x00" in text:
        raise UnreadableFileError("file_is_readable", "NUL characters; this is not a text table")
    rows, delimiter = _split(text, delimiters)
    repairs = [] if encoding in ("utf-8", "utf-8-sig") else [f"read as {encoding}"]
    if delimiter != ",":
        repairs.append(f"separator {delimiter!r}")
    return ReadFile([Sheet("", [[f"s{c}" if c.strip() else None for c in row] for row in rows])], [], repairs, encoding, delimiter)


def decode(content: bytes, *, encodings: list[str], declared: str) -> tuple[str, str]:
    """Decode strictly.

    Returns:
        The text and the encoding that was used.

    Raises:
        UnreadableFileError: no encoding fits, or two fit with different texts.
    """
    if declared:
        try:
            return content.decode(declared), declared
        except (UnicodeDecodeError, LookupError) as error:
            raise UnreadableFileError("encoding_is_decided", f"the file is not {declared}: {_explain(content, error)}") from error
    for bom, name in BOMS:
        if content.startswith(bom):
            try:
                return content.decode(name), name
            except UnicodeDecodeError as error:
                raise UnreadableFileError("encoding_is_decided", f"marked as {name}, but {_explain(content, error)}") from error
    if unmarked := _unmarked_utf16(content):
        return unmarked
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        utf8_fault = _explain(content, error)
    fitting: dict[str, str] = {}
    for name in encodings:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if not any(ord(c) < 32 and c not in "\t\r\n" for c in text):
            fitting.setdefault(text, name)
    if len(fitting) == 1:
        return next(iter(fitting.items()))
    if not fitting:
        raise UnreadableFileError("encoding_is_decided", f"neither UTF-8 ({utf8_fault}) nor {', '.join(encodings)}")
    raise UnreadableFileError("encoding_is_decided", f"{' and '.join(fitting.values())} both fit")


def _unmarked_utf16(content: bytes) -> tuple[str, str] | None:
    """UTF-16 without its mark: line feeds and separators show where the zero bytes stand."""
    for name, feed in (("utf-16-le", b"\n\x00"), ("utf-16-be", b"\x00\n")):
        if feed in content and len(content) % 2 == 0:
            try:
                text = content.decode(name)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text and "\n" in text and any(d in text for d in ",;\t"):
                return text, name
    return None


def _explain(content: bytes, error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        line = content.count(b"\n", 0, error.start) + 1
        return f"line {line}, byte {error.start} does not fit"
    return "the encoding is not known"


def _split(text: str, delimiters: list[str]) -> tuple[list[list[str]], str]:
    best: tuple[float, int, str, list[list[str]]] | None = None
    fault = ""
    for delimiter in sorted((d for d in delimiters if d in text), key=text.count, reverse=True):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            rows = list(reader)
        except csv.Error as error:
            fault = fault or f"line {reader.line_num}: {error}"
            continue
        widths = Counter(len(r) for r in rows if any(c.strip() for c in r))
        width, n_rows = widths.most_common(1)[0]
        if width < 2:
            continue
        score = (n_rows / widths.total(), width)
        if best is None or score > best[:2]:
            best = (*score, delimiter, rows)
    if best is None:
        raise UnreadableFileError("file_is_readable", f"no table of separated cells ({fault or 'no separator makes two columns'})")
    return best[3], best[2]
