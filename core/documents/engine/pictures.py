"""A picture that cannot be read ends the printing: a document must not go out with an empty place in it."""

import logging
import sys


class Unreadable(Exception):
    """The engine could not read a picture; says which."""


class Watch(logging.Handler):
    """The engine only reports a broken picture and leaves its place empty: here the report becomes an error."""

    def __init__(self, passed_on: type[BaseException]) -> None:
        super().__init__(logging.ERROR)
        self._passed_on = passed_on

    def emit(self, record: logging.LogRecord) -> None:
        cause = sys.exc_info()[1]
        if isinstance(cause, self._passed_on):
            raise cause
        if "image" in str(record.msg) and isinstance(record.args, tuple) and record.args:
            raise Unreadable(_short(str(record.args[0])))


def watch(passed_on: type[BaseException]) -> None:
    """Listen to the engine of this process. What else it reports is left out, but for errors that it swallows
    inside a picture although they are `passed_on`."""
    logger = logging.getLogger("weasyprint")
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    logger.addHandler(Watch(passed_on))


def _short(url: str) -> str:
    return url.removeprefix("asset:") if url.startswith("asset:") else "文书中自带的图片"
