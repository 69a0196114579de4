"""The child process: the only place where a stranger's bytes are opened.

Limits are set before the first byte is read: memory, processor time, files, no core dump. Input is one
JSON line of options and then the file; output is a word, a line feed and JSON: ``ok`` with a ReadFile, or
``refused`` with ``[rule_id, found, sheet, cell]``. Anything else means the child died.
"""

import json
import resource
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.intake.reading.cells import ReadFile

MEMORY_BYTES = 2 << 30
PROCESSOR_SECONDS = 30
OPEN_FILES = 64


def set_limits(*, max_file_bytes: int = 0) -> None:
    """Set the limits of this process, for good.

    Args:
        max_file_bytes: what it may write to a file; none for readers.
    """
    limits = {
        resource.RLIMIT_CORE: 0, resource.RLIMIT_AS: MEMORY_BYTES, resource.RLIMIT_CPU: PROCESSOR_SECONDS, resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_FSIZE: max_file_bytes,
    }  # fmt: skip
    for kind, most in limits.items():
        given = resource.getrlimit(kind)[1]
        # A process that was started within limits cannot raise them.
        least = most if given == resource.RLIM_INFINITY else min(most, given)
        resource.setrlimit(kind, (least, least))


def refusal(rule_id: str, found: str, sheet: str = "", cell: str = "") -> str:
    """Write a refusal for the parent."""
    return "refused\n" + json.dumps([rule_id, found, sheet, cell])


def read_content(options: dict[str, Any], content: bytes) -> "ReadFile":
    """Read a file as its kind; only ever called in a limited process.

    Raises:
        UnreadableFileError: not readable as what it claims to be, or beyond a limit.
    """
    from pipelines.intake.reading import text_files, workbooks
    from pipelines.intake.reading.cells import refuse_beyond_limits, take_off_text_marks

    if options["kind"] == "workbook":
        read = workbooks.read_workbook(content)
    elif options["kind"] == "old_workbook":
        from pipelines.intake.reading.old_workbooks import read_old_workbook

        read = read_old_workbook(content)
    elif options["kind"] == "open_document":
        from pipelines.intake.reading.open_documents import read_open_document

        read = read_open_document(content)
    else:
        read = text_files.read_text_file(content, encodings=options["encodings"], delimiters=options["delimiters"], declared=options["declared"])
    refuse_beyond_limits(read, max_rows=options["max_rows"])
    take_off_text_marks(read)
    return read


def main() -> None:
    """Read one file from standard input and answer on standard output."""
    set_limits()
    from pipelines.domain.errors import UnreadableFileError
    from pipelines.intake.reading import text_files, workbooks  # noqa: F401 - loaded while this process waits

    line = sys.stdin.buffer.readline()
    if not line:
        # The process that kept this one ready has ended.
        return
    options = json.loads(line)
    content = sys.stdin.buffer.read()
    try:
        answer = "ok\n" + read_content(options, content).to_json()
    except UnreadableFileError as error:
        answer = refusal(error.rule_id, error.found, error.sheet, error.cell)
    except MemoryError:
        answer = refusal("file_is_readable", "more than the memory a file may use")
    except Exception as error:
        # Readers leak many kinds of exception on damaged files (measured); each means the same to the sender.
        answer = refusal("file_is_readable", f"a damaged file ({type(error).__name__})")
    sys.stdout.buffer.write(answer.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
