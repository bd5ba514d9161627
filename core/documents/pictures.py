"""A picture that cannot be read ends the printing: a document must not go out with an empty place in it."""

import logging
from xml.parsers import expat

from core.errors import RenderError

ADVICE = "请换一个能正常打开的图片文件后重试"


class Unreadable(Exception):
    """The engine could not read a picture; says which."""


class Watch(logging.Handler):
    """The engine only reports a broken picture and leaves its place empty: here the report becomes an error."""

    def emit(self, record: logging.LogRecord) -> None:
        if "image" in str(record.msg) and isinstance(record.args, tuple) and record.args:
            raise Unreadable(_short(str(record.args[0])))


def watch() -> None:
    """Listen to the engine of this process. Everything else it reports is left out."""
    logger = logging.getLogger("weasyprint")
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    logger.addHandler(Watch(logging.ERROR))


def check_svg(name: str, svg: str) -> None:
    """Refuse a pack's picture that is not well-formed, by name and line. Raises RenderError."""
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _no_entities
    try:
        parser.Parse(svg.encode(), True)
    except (expat.ExpatError, ValueError) as error:
        reason = f"第 {error.lineno} 行不合 SVG 写法" if isinstance(error, expat.ExpatError) else str(error)
        raise RenderError(f"图片“{name}”已损坏，不能印出", reason=reason, advice=ADVICE) from error


def _no_entities(*_: object) -> None:
    raise ValueError("不能在图片中定义实体")


def _short(url: str) -> str:
    return url.removeprefix("asset:") if url.startswith("asset:") else "文书中自带的图片"
