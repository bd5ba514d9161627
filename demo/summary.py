"""What the demo holds, for people and machines: the PDFs as files, summary.json, accounts to try."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select

from core import clock
from core.accounts.models import Office, RoleAssignment, Unit, User
from core.db import db
from core.documents.models import IssuedDocument
from core.files import store
from core.permissions import ROLES
from core.scoring import runs
from core.scoring.values import points
from core.submissions.models import Submission


def write(out: Path) -> list[Path]:
    """Write every issued PDF and summary.json into a folder; returns the paths."""
    out.mkdir(parents=True, exist_ok=True)
    office = db.session.scalars(select(Office)).one()
    files = []
    for document in db.session.scalars(select(IssuedDocument).order_by(IssuedDocument.id)):
        path = out / f"{document.title}{document.number}.pdf".replace("/", "_")
        path.write_bytes(store().get(document.pdf_sha256))
        files.append(path)
    path = out / "summary.json"
    path.write_text(json.dumps(summary(office, files), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [*files, path]


def summary(office: Office, files: Sequence[Path]) -> dict[str, object]:
    """Units, submissions, adopted, cumulative points per unit as decimal text, files with SHA-256."""
    period = runs.current_period(office.id, clock.today())
    result = runs.scored(office.id, period.key)
    rules = runs.rules_in_force(office.id, period.end)[1]
    names = {str(u.id): u.name for u in db.session.scalars(select(Unit))}
    states = dict(
        db.session.execute(select(Submission.state, func.count()).group_by(Submission.state)).tuples().all()
    )
    return {
        "office": office.name,
        "units": len(names),
        "submissions": sum(states.values()),
        "states": states,
        "adopted": states.get("adopted", 0),
        "period": period.key,
        "closed": sorted(run.period_key for run in runs.frozen_runs(office.id) if run.reopened_at is None),
        "points": {names[row.unit]: points.show(row.cumulative, rules.printing) for row in result.rows},
        "files": [
            {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()} for path in files
        ],
    }


def first_of_each_role(roles: Sequence[str], *, unchanged_only: bool) -> list[tuple[str, str, str]]:
    """(role in Chinese, login, name) of one account of each role; only those never signed in, if asked."""
    found = []
    for role in roles:
        query = (
            select(User.login, User.name)
            .join(RoleAssignment)
            .where(RoleAssignment.role == role)
            .order_by(User.id)
        )
        if unchanged_only:
            query = query.where(User.must_change)
        first = db.session.execute(query).first()
        if first:
            found.append((ROLES[role].title, first.login, first.name))
    return found
