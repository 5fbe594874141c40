"""The log on disk: a line of JSON for each message, a file a day, kept for half a year and longer."""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"beiji-(\d{4}-\d\d-\d\d)\.jsonl")


class JsonLine(logging.Formatter):
    """When (UTC), how grave, from where, what, in which process; of a fault its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class DayFile(logging.Handler):
    """Appends to the file of the day; several processes may do so at once, since a line is one write.

    A log that cannot be written stops nobody: the same messages stand on the console.
    """

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = Path(folder)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            file = self._folder / f"beiji-{datetime.fromtimestamp(record.created, UTC):%Y-%m-%d}.jsonl"
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, (self.format(record) + "\n").encode("utf-8", "backslashreplace"))
            finally:
                os.close(handle)
        except OSError:
            return


def clear_old(today: date) -> int:
    """Remove days that are older than BEIJI_LOG_DAYS (the nightly pass). Returns how many."""
    first = today - timedelta(days=settings.LOG_DAYS)
    old = [
        file
        for file in Path(settings.LOGS).glob("beiji-*.jsonl")
        if (named := NAME.fullmatch(file.name)) and date.fromisoformat(named[1]) < first
    ]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
