"""Errors of the house.

Belongs here: what is raised when *our* promise breaks or a request cannot be served.
Does not belong here: faults in a member's data; those are findings.

    CitybenchError
    ├── ContractError        a contract, registry or message file is wrong
    ├── UnreadableFileError  a file cannot be opened as what it claims to be
    ├── UsageError           a request that cannot be served as asked
    ├── RefusedError         the actor may not do this, now or at all
    ├── StorageError         landing, ledger or edition storage did not keep its promise
    ├── ConflictError        the state changed under us; ask again
    └── GateError            an edition did not pass its gate
"""


class CitybenchError(Exception):
    """What happened, where, what was expected, what to do."""


class ContractError(CitybenchError):
    """A contract, registry or message file is wrong."""


class UnreadableFileError(CitybenchError):
    """A file cannot be opened as what it claims to be.

    Args:
        rule_id: the reading rule that failed.
        found: what stands there, as plain text.
        sheet: sheet name, empty for text files.
        cell: address such as ``B17``, empty when it concerns the whole file.
    """

    def __init__(self, rule_id: str, found: str, *, sheet: str = "", cell: str = "") -> None:
        super().__init__(f"{rule_id}: {found}")
        self.rule_id = rule_id
        self.found = found
        self.sheet = sheet
        self.cell = cell


class UsageError(CitybenchError):
    """A request that cannot be served as asked."""


class RefusedError(CitybenchError):
    """The actor may not do this, now or at all.

    Args:
        retry_seconds: after how long it may be asked again; 0 when waiting does not help.
    """

    def __init__(self, message: str, *, retry_seconds: int = 0) -> None:
        super().__init__(message)
        self.retry_seconds = retry_seconds


class StorageError(CitybenchError):
    """Landing, ledger or edition storage did not keep its promise."""


class ConflictError(CitybenchError):
    """The state changed under us."""


class GateError(CitybenchError):
    """An edition did not pass its gate and was not published."""
