"""The drawings that a pack brings along must be well-formed before any page shows them."""

from xml.parsers import expat

from core.errors import RenderError

ADVICE = "请换一个能正常打开的图片文件后重试"


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
