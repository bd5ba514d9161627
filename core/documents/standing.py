"""What becomes of an issued document: it stands, is corrected by another, is withdrawn. Its bytes never change."""

from core import audit, clock
from core.actors import Actor
from core.db import db, transaction
from core.documents import store
from core.documents.models import STANDINGS, DocumentStanding, IssuedDocument, Reprint
from core.errors import Conflict, InvalidInput
from core.files import store as files
from core.permissions import require
from core.plugins import take_part

MOST_COPIES = 10_000


def mark(
    actor: Actor, document: IssuedDocument, standing: str, note: str = "", by: IssuedDocument | None = None
) -> None:
    """Say what has become of a document, inside the caller's transaction; `by` is what stands in its place."""
    word = DocumentStanding(
        document_id=document.id, standing=standing, note=note[:500], at=clock.now(), by=actor.name,
        replaced_by_id=by.id if by else None,
    )  # fmt: skip
    document.standings.insert(0, word)
    audit.note(
        actor, "变更公文状态", document, office_id=document.office_id, standing=STANDINGS[standing], reason=note,
        **({"replaced_by": by.id} if by else {}),
    )  # fmt: skip
    db.session.flush()
    take_part("document_marked", document_id=document.id)


def stood_for(document_id: int) -> list[int]:
    """The documents that one stands in the place of, and what those had replaced in turn, the latest first."""
    found: list[int] = []
    wanted = [document_id]
    while wanted:
        query = db.select(DocumentStanding.document_id).where(DocumentStanding.replaced_by_id.in_(wanted))
        wanted = [
            each
            for each in db.session.scalars(query.order_by(DocumentStanding.id.desc()))
            if each not in found
        ]
        found += wanted
    return found


def reprint(actor: Actor, document_id: int, copies: int, reason: str) -> Reprint:
    """Note who takes how many more copies of a document and what for; they are printed from its own PDF."""
    with transaction():
        found = store.document(actor, document_id)
        require(actor, "document.reprint", found)
        if found.standing == "withdrawn":
            raise Conflict("这份公文已经撤回，不能加印", advice="如需查阅，请打开 PDF")
        if not 1 <= copies <= MOST_COPIES:
            raise InvalidInput("份数不对", where="加印份数", advice=f"请填写 1 至 {MOST_COPIES}")
        reason = " ".join(reason.split())[:200]
        if not reason:
            raise InvalidInput("加印须说明用途", where="用途", advice="请填写后再提交")
        # The same bytes or none: nothing is noted of a file that is lost or spoilt.
        files().get(found.pdf_sha256)
        note = Reprint(document_id=found.id, at=clock.now(), by=actor.name, copies=copies, reason=reason)
        db.session.add(note)
        audit.note(actor, "加印公文", found, office_id=found.office_id, copies=copies, reason=reason)
    return note


def reprints(document: IssuedDocument) -> list[Reprint]:
    """The copies made of a document, newest first."""
    query = db.select(Reprint).where(Reprint.document_id == document.id).order_by(Reprint.id.desc())
    return list(db.session.scalars(query.limit(50)))
