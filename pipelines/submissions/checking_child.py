"""The process that works on a sender's texts: reads, matches, harmonises, runs rules, words findings, all within limits of its own.

Its answers are JSON. The file's bytes are opened one process further down (``intake/reading/child.py``), whose answer is text with addresses.
Messages on both pipes are eight bytes of length and then the message; the first two are the request and the file, the others are questions.
"""

import json
import resource
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

MEMORY_BYTES = 6 << 30
PROCESSOR_SECONDS = 17
OPEN_FILES = 256
LENGTH_BYTES = 8


def set_limits() -> None:
    """Set the limits of this process, for good; what it starts sets lower ones."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def start_clock() -> None:
    """Limit the processor time from now on: what starting took is not the file's."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    ends = int(used.ru_utime + used.ru_stime) + PROCESSOR_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (ends, ends))


def write_message(stream: BinaryIO, message: bytes) -> None:
    """Write one message."""
    stream.write(len(message).to_bytes(LENGTH_BYTES, "big"))
    stream.write(message)
    stream.flush()


def read_message(stream: BinaryIO) -> bytes | None:
    """Read one message; ``None`` when the other side has ended."""
    head = stream.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    message = stream.read(length := int.from_bytes(head, "big"))
    return message if len(message) == length else None


class Desk:
    """One file and the questions about it."""

    def __init__(self, said: dict[str, Any], content: bytes) -> None:
        from pipelines.domain.answers import answers_from_json
        from pipelines.intake.reporting import FileToRead
        from pipelines.submissions.checking import CheckRequest, Home

        self.home = Home(Path(said["contracts_dir"]), Path(said["dbt_dir"]))
        file = FileToRead(said["name"], content, answers_from_json(said["answers"]))
        recipe = answers_from_json(said["recipe"])
        self.request = CheckRequest(file, said["member_code"], said["as_of_date"], said["language"], recipe, None, said["contract_id"])

    def look(self) -> str:
        """Open the file and say which contract it is under, and the fingerprint of its layout; empty where it cannot be opened."""
        from pipelines.contracts.catalogues import load_contract, member_habits
        from pipelines.domain.errors import UnreadableFileError
        from pipelines.intake.reporting import header_fingerprint, open_file
        from pipelines.submissions.checking import recognised

        fingerprint = ""
        try:
            habits = member_habits(self.home.contracts_dir, self.request.member_code)
            read = open_file(self.request.file, habits=habits, limits=load_contract(self.home.contracts_dir).limits)
            fingerprint = header_fingerprint(read)
            self.request = replace(self.request, read=read)
        except UnreadableFileError:
            pass
        self.request = recognised(self.request, self.home)
        return json.dumps({"contract_id": self.request.contract_id, "fingerprint": fingerprint})

    def check(self, recipe: str, *, with_rows: bool) -> str:
        """Check the file with the answers remembered for its layout."""
        from pipelines.domain.answers import answers_from_json
        from pipelines.submissions.checking import check_file
        from pipelines.submissions.checking_forms import checked_to_json

        request = replace(self.request, recipe=answers_from_json(recipe)) if recipe else self.request
        return checked_to_json(check_file(request, self.home), with_rows=with_rows)


def warm(contracts_dir: Path, dbt_dir: Path) -> None:
    """Load what every check needs, while nobody waits for it."""
    from pipelines.intake.reading.sandbox import start_ahead
    from pipelines.submissions import checking_forms  # noqa: F401
    from pipelines.submissions.checking import Home, collect_less_often, load_what_checks_need

    start_ahead()
    collect_less_often()
    load_what_checks_need(Home(contracts_dir, dbt_dir))


def answered(desk: Desk, question: dict[str, Any]) -> dict[str, Any]:
    """Answer one question, or say which promise did not hold."""
    from pipelines.domain.errors import CitybenchError

    try:
        text = desk.look() if question["do"] == "look" else desk.check(question["recipe"], with_rows=question["with_rows"])
        return {"answer": text}
    except CitybenchError as error:
        return {"error": type(error).__name__, "text": str(error)}
    except MemoryError:
        return {"limit": f"more than the {MEMORY_BYTES >> 20} MiB that the check of a file may use"}
    except Exception as error:
        # Whatever a text brings about here is a fault of ours; the sender is told where, and nobody else's page ends.
        last = traceback.extract_tb(error.__traceback__)[-1]
        return {"limit": f"a file on which the check broke off ({type(error).__name__}, {Path(last.filename).name}:{last.lineno}); tell us"}


def main() -> None:
    """Answer questions about one file until the other side ends."""
    set_limits()
    warm(Path(sys.argv[1]), Path(sys.argv[2]))
    source, out = sys.stdin.buffer, sys.stdout.buffer
    head, content = read_message(source), read_message(source)
    if head is None or content is None:
        return
    start_clock()
    desk = Desk(json.loads(head), content)
    while (question := read_message(source)) is not None:
        write_message(out, json.dumps(answered(desk, json.loads(question)), ensure_ascii=False).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
