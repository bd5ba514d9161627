"""Fill a document template with plain data, letting the template reach nothing else.

Templates come from rule packs, and template sandboxes have been escaped again and again; `environment` says
what stands in the way here. This module is the door: data checked on the way in, errors explained in Chinese
with template and line on the way out.
"""

from collections.abc import Mapping

from jinja2 import StrictUndefined

from core.documents.fonts.font_set import FontSet
from core.documents.templating import closing, fields, origins
from core.documents.templating.assets import inline
from core.documents.templating.crowded import refuse_crowded
from core.documents.templating.environment import Environment
from core.documents.templating.explaining import explained, placed
from core.documents.templating.missing import noting
from core.documents.templating.plain import plain
from core.documents.templating.references import check_references
from core.documents.templating.switches import style_of
from core.documents.typesetting.grid import Style
from core.documents.typesetting.text import IN_TEXT, Lacking, is_heaped, lacking_in, typeset_html
from core.errors import RenderError, Unprintable, YaoqingError

MOST_NAMED = 5


def render_html(
    template_name: str,
    files: Mapping[str, str],
    values: Mapping[str, object],
    fonts: FontSet,
    style: Style | None = None,
    missing: dict[str, None] | None = None,
    *,
    complete: bool = False,
) -> str:
    """The finished page of one template. `files` holds the pack's templates; `print/…` is always there.

    With `missing` it is a trial print: names the data does not give are noted there and stand in red.
    `style` is what the format's own switches say, unless given.
    `complete` refuses a page with characters that no font has; otherwise they show as 〓.
    """
    style = style or style_of(files)
    environment = Environment(files, fonts, style, StrictUndefined if missing is None else noting(missing))
    data: dict = {}
    try:
        refuse_crowded(values)
        data = plain(_switched(values, style))
        _refuse_reserved(data, environment)
        html = environment.fill(template_name, data)
    except YaoqingError as error:
        if not error.where:
            raise placed(error, error, template_name, environment, data) from error.__cause__
        if error.where.startswith(IN_TEXT):
            error.where = f"{_owner(environment, data)}{error.where}"
        raise
    except Exception as error:  # a template may fail in any way; all of them are the template's
        raise explained(error, template_name, environment, data, files) from error
    check_references(html, files)
    if complete:
        _refuse_lacking(html, fonts, data)
    return typeset_html(inline(closing.marked(html), files, data), fonts, latin=style.latin == "times")


def _switched(values: Mapping[str, object], style: Style) -> Mapping[str, object]:
    """The values, with what the switches of the format decide."""
    given = values if style.seal is None else {**values, "seal": style.seal}
    return given if style.check_code else {name: value for name, value in given.items() if name != "check"}


def _owner(environment: Environment, data: Mapping) -> str:
    """Whose text it is that was being set, unless it is the document's own."""
    path = origins.first_of(environment.blamed, data)
    owner = fields.named(path[:-1], data) if path else ""
    return f"{owner}的" if owner else ""


def _refuse_lacking(html: str, fonts: FontSet, data: Mapping) -> None:
    try:
        lacking = lacking_in(html, fonts)
    except Unprintable as error:
        error.where = error.where or fields.named(fields.first_text(is_heaped, data) or (), data)
        raise
    if lacking:
        more = f"，另有 {len(lacking) - MOST_NAMED} 个" if len(lacking) > MOST_NAMED else ""
        told = [f"{_place(lack, data)}{lack}" for lack in lacking[:MOST_NAMED]]
        raise Unprintable(
            "文书中有字体里没有的字，不能印发",
            reason=f"所有字体都没有{'、'.join(told)}{more}",
            advice="请改用别的字，或请系统管理员安装含有这些字的字体（用 ./yaoqing fonts check 检查）",
        )


def _place(lack: Lacking, data: Mapping) -> str:
    """Where in the document it stands; nothing for what a template says."""
    path = fields.first_text(lack.is_in, data) or fields.first_text(lambda text: lack.char in text, data)
    name = fields.named(path or (), data)
    return f"{name}中的" if name else ""


def _refuse_reserved(data: Mapping[str, object], environment: Environment) -> None:
    taken = sorted(set(data) & set(environment.globals))
    if taken:
        raise RenderError(f"数据不能叫“{taken[0]}”", reason="这是版式模板自带的名称", advice="请换一个名称")
