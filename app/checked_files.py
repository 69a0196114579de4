"""Checks that pages look at again and again, kept by how much they weigh.

Belongs here: keeping a few results in memory. Does not belong here: checking (submissions), drawing.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from pipelines.submissions.checking import CheckedFile

# A figure as read and as harmonised takes about two kilobytes; all that is kept together holds no more of them than one file may.
MOST_FIGURES = 100_000
MOST_FILES = 64
Key = tuple[str, ...]


class CheckedFiles:
    """The last checks, up to a number of figures in all; the newest is always kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, CheckedFile] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, check: Callable[[], CheckedFile]) -> CheckedFile:
        """Give a check, made now if it is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        checked = check()
        with self._lock:
            self._kept[key] = checked
            while len(self._kept) > 1 and (len(self._kept) > MOST_FILES or sum(map(_weight, self._kept.values())) > MOST_FIGURES):
                self._kept.popitem(last=False)
        return checked

    def __len__(self) -> int:
        return len(self._kept)


def _weight(checked: CheckedFile) -> int:
    return len(checked.figures) + len(checked.read) + len(checked.report.findings)


KEPT = CheckedFiles()
