"""Verify a document by the code printed on it, by its file, or by both: genuine, altered or unknown; does it stand?

Whoever holds the code or the very file holds the paper, so the answer names it. Nobody can try codes one after
another: every question counts against whoever asks it, found or not.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, or_, select

from core import clock
from core.db import db, transaction
from core.documents import checks
from core.documents.models import CheckAttempt, IssuedDocument
from core.errors import InvalidInput, TooMany

WINDOW = timedelta(minutes=10)
MOST = 30
GENUINE, ALTERED, UNKNOWN = "genuine", "altered", "unknown"


@dataclass(frozen=True)
class Answer:
    """What can be said; `by_file` tells whether the file itself was compared, `word` that it is the Word file."""

    verdict: str
    document: IssuedDocument | None = None
    by_code: bool = False
    by_file: bool = False
    word: bool = False


def verify(who: str, code_text: str, file_sha256: str = "") -> Answer:
    """Answer one question. Raises InvalidInput for no code at all, TooMany for too many questions."""
    code = checks.typed(code_text)
    if code_text.strip() and not code:
        raise InvalidInput(
            "核验码写法不对",
            where="核验码",
            reason=f"核验码是 {checks.LENGTH} 个字母和数字，如 ABCD-EFGH-JKMN",
            advice="请对照文件末页版记中的核验码重新输入",
        )
    if not code and not file_sha256:
        raise InvalidInput("没有要核验的内容", where="核验码", advice="请输入核验码，或选择要核验的文件")
    _count(who)
    return _with_code(code, file_sha256) if code else _by_file(file_sha256)


def sha256_of(parts: Iterable[bytes]) -> str:
    """The digest of a file read piece by piece; empty for no bytes."""
    digest, size = hashlib.sha256(), 0
    for part in parts:
        digest.update(part)
        size += len(part)
    return digest.hexdigest() if size else ""


def _with_code(code: str, file_sha256: str) -> Answer:
    found = _of_code(code)
    if not found:
        return Answer(UNKNOWN, by_code=True, by_file=bool(file_sha256))
    if not file_sha256:
        return Answer(GENUINE, found, by_code=True)
    is_pdf, is_word = _same(file_sha256, found.pdf_sha256), _same(file_sha256, found.docx_sha256)
    return Answer(GENUINE if is_pdf or is_word else ALTERED, found, True, True, is_word)


def _by_file(file_sha256: str) -> Answer:
    where = or_(IssuedDocument.pdf_sha256 == file_sha256, IssuedDocument.docx_sha256 == file_sha256)
    found = db.session.scalar(select(IssuedDocument).where(where).order_by(IssuedDocument.id).limit(1))
    if not found:
        return Answer(UNKNOWN, by_file=True)
    return Answer(GENUINE, found, by_file=True, word=found.docx_sha256 == file_sha256)


def _of_code(code: str) -> IssuedDocument | None:
    """The document of a code: the database finds by its first group, the rest is compared in constant time."""
    head = code[: checks.GROUP]
    lowest, highest = (head + letter * (checks.LENGTH - checks.GROUP) for letter in (checks.ALPHABET[0], "Z"))
    found = None
    for document in db.session.scalars(
        select(IssuedDocument).where(IssuedDocument.check_code.between(lowest, highest))
    ):
        if _same(document.check_code or "", code):
            found = document
    return found


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _count(who: str) -> None:
    """Note the question. Old ones are forgotten on the way."""
    with transaction():
        now = clock.now()
        db.session.execute(delete(CheckAttempt).where(CheckAttempt.at < now - WINDOW))
        asked = select(func.count()).select_from(CheckAttempt).where(CheckAttempt.who == who[:60])
        if (db.session.scalar(asked) or 0) >= MOST:
            raise TooMany(
                "核验次数过多",
                reason=f"{WINDOW.seconds // 60} 分钟内最多核验 {MOST} 次",
                advice="请稍后再试",
            )
        db.session.add(CheckAttempt(who=who[:60], at=now))
