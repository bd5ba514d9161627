"""The page where anybody verifies a document by its printed code or its file; open to visitors only when so set."""

from pathlib import Path
from typing import Any

from flask import Blueprint, render_template, request
from flask.blueprints import BlueprintSetupState

from core.accounts.models import Office
from core.db import db
from core.documents import checks, derived, store, verifying
from core.documents.models import STANDINGS, IssuedDocument
from core.errors import InvalidInput, NotFound
from core.web import PUBLIC, SIGNED_IN, actor, permit

bp = Blueprint("verify", __name__)
PIECE = 1 << 16
WORKBOOK = "xlsx"


@bp.record
def _addresses(state: BlueprintSetupState) -> None:
    """Who may open the page is a setting of the installation."""
    right = PUBLIC if state.app.config["YAOQING"]["VERIFY_PUBLIC"] else SIGNED_IN

    @permit(right)
    def page(code: str = "") -> Any:
        """The form; a scanned code stands in it already and is looked up when the person says so."""
        return _shown(code=checks.shown(checks.typed(code)))

    @permit(right)
    def ask() -> Any:
        """Answer: genuine, altered or unknown."""
        text = request.form.get("code", "")[:100]
        try:
            answer = verifying.verify(_who(), text, _digest())
        except InvalidInput as error:
            return _shown(code=text, error=error), 422
        return _shown(code=text, answer=answer)

    state.add_url_rule(checks.PATH, "page", page, methods=["GET"])
    state.add_url_rule(f"{checks.PATH}/<code>", "scanned", page, methods=["GET"])
    state.add_url_rule(checks.PATH, "ask", ask, methods=["POST"])


def _shown(**values: Any) -> str:
    answer = values.get("answer")
    document = answer.document if answer else None
    office = db.session.get(Office, document.office_id) if document else None
    return render_template(
        "documents/verify.html" if actor().is_authenticated else "documents/verify_open.html",
        document=document, office=office, standings=STANDINGS, may_open=document is not None and _may_open(document),
        **{"answer": None, "error": None, "code": "", **values},
    )  # fmt: skip


def _may_open(document: IssuedDocument) -> bool:
    """Whether its page would open for them: who reads a document is asked in one place."""
    if not actor().is_authenticated:
        return False
    try:
        return bool(store.document(actor(), document.id))
    except NotFound:
        return False


def _digest() -> str:
    """The digest of the file that was sent; the file itself is not kept."""
    file = request.files.get("file")
    if not file or not file.filename:
        return ""
    # Only what is known to be made from the PDF is refused by its name: people rename files, the bytes decide.
    if Path(file.filename).suffix.lower()[1:] in {WORKBOOK, *(form.suffix for form in derived.formats())}:
        raise InvalidInput(
            "不能凭这种文件核验",
            where="要核验的文件",
            reason="只比对印发时存档的 PDF 和 Word 文件，Excel、OFD 等是由它们转换来的",
            advice="请选择 PDF 或 Word 文件，或输入末页的核验码",
        )
    with file.stream as stream:
        digest = verifying.sha256_of(iter(lambda: stream.read(PIECE), b""))
    if not digest:
        raise InvalidInput(
            "选择的文件是空的",
            where="要核验的文件",
            reason="文件没有任何内容，可能没有下载、复制完",
            advice="请重新取得文件后再核验",
        )
    return digest


def _who() -> str:
    """Whom a question counts against: the person, else the address it comes from."""
    who = actor()
    return f"user:{who.id}" if who.is_authenticated else f"address:{request.remote_addr or ''}"
