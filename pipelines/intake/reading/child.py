"""The child process: the only place where a stranger's bytes are opened.

Limits are set before the first byte is read: memory, processor time, files, no core dump. Input is one
JSON line of options and then the file; output is a word, a line feed and JSON: ``ok`` with a ReadFile, or
``refused`` with ``[rule_id, found, sheet, cell]``. Anything else means the child died.
"""

import json
import resource
import sys

MEMORY_BYTES = 2 << 30
PROCESSOR_SECONDS = 30
OPEN_FILES = 64


def set_limits(*, max_file_bytes: int = 0) -> None:
    """Set the limits of this process, for good.

    Args:
        max_file_bytes: what it may write to a file; none for readers.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_bytes, max_file_bytes))


def refusal(rule_id: str, found: str, sheet: str = "", cell: str = "") -> str:
    """Write a refusal for the parent."""
    return "refused\n" + json.dumps([rule_id, found, sheet, cell])


def main() -> None:
    """Read one file from standard input and answer on standard output."""
    set_limits()
    from pipelines.domain.errors import UnreadableFileError
    from pipelines.intake.reading import text_files, workbooks
    from pipelines.intake.reading.cells import refuse_long_cells

    line = sys.stdin.buffer.readline()
    if not line:
        # The process that kept this one ready has ended.
        return
    options = json.loads(line)
    content = sys.stdin.buffer.read()
    try:
        if options["kind"] == "workbook":
            result = workbooks.read_workbook(content)
        elif options["kind"] == "old_workbook":
            from pipelines.intake.reading.old_workbooks import read_old_workbook

            result = read_old_workbook(content)
        elif options["kind"] == "open_document":
            from pipelines.intake.reading.open_documents import read_open_document

            result = read_open_document(content)
        else:
            result = text_files.read_text_file(content, encodings=options["encodings"], delimiters=options["delimiters"], declared=options["declared"])
        refuse_long_cells(result)
        answer = "ok\n" + result.to_json()
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
