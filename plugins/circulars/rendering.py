"""Whether a draft can be printed at all: asked before it is handed in, so that the signature does not fail on it."""

from collections.abc import Iterator

from core.documents import store
from core.documents.templating.sandbox import render_html
from core.errors import InvalidInput, RenderError
from plugins.circulars.models import CircularDraft
from plugins.circulars.signing import addressees, paper
from plugins.circulars.sources import circular, current_run, pack_by_ref
from plugins.circulars.texts import Texts, texts_of


def printable(found: CircularDraft) -> None:
    """Refuse a draft whose pages cannot be made. Raises InvalidInput, naming the place. Takes a while: never call it
    in a transaction."""
    run = current_run(found)
    rows = addressees(found, circular(run, found.kind)) if found.form == "letters" else [None]
    if told := unprintable(texts_of(found.texts)):
        raise _refusal("；".join(told), "请修改后再送签")
    for to in rows[:1]:  # the letters differ in texts, which were looked at, and in names
        made = paper(found, run, to, proof=True)
        files = pack_by_ref(run.pack_ref).document(made.made.kind.document).files
        try:
            render_html(store.TEMPLATE, files, made.values, store.fonts(), complete=True)
        except RenderError as error:
            raise _refusal(f"{error.message}，{error.reason}", error.advice) from error


def unprintable(texts: Texts) -> list[str]:
    """Why what an editor wrote cannot be printed."""
    return [f"{where}中，{why}" for where, lines in _parts(texts) for why in store.unprintable(lines)]


def _parts(texts: Texts) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "开头", texts.opening
    yield "工作要求", texts.requirements
    yield "给各单位的文字", tuple(line for lines in texts.letters.values() for line in lines)


def _refusal(reason: str, advice: str) -> InvalidInput:
    return InvalidInput("这份通报排不出来，还不能送签", reason=reason, advice=advice)
