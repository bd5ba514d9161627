"""Pages for the life of a pack: the difference of two versions, local changes carried over, papers confirmed."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from core.errors import Findings, InvalidInput, NotFound, PermissionDenied, YaoqingError
from core.packs import confirming, life, services
from core.packs.content.format import Pack
from core.packs.editing.merging import ABSENT, answers
from core.packs.files.archive import MAX_ARCHIVE, SUFFIX
from core.packs.parcels import MOST_NAME, Upload
from core.packs.views import bp
from core.packs.wording.difference import FileChange
from core.permissions import require
from core.web import actor, highlight, permit, whole_or_zero


@bp.get("/diff")
@permit("pack.view")
def diff() -> Any:
    """Choose two installed versions, or see what changed between them."""
    old, new = (whole_or_zero(request.args.get(name)) for name in ("old", "new"))
    if not old or not new:
        return _diff_page(old=old, new=new)
    before, after = (services.load(services.version(one)) for one in (old, new))
    return _diff_page(before, after, old=old, new=new)


@bp.post("/diff")
@permit("pack.view")
def diff_file() -> Any:
    """What a pack file would change against an installed version; the file is not kept."""
    old = whole_or_zero(request.form.get("old"))
    found = services.version(old)
    try:
        before, after = life.compare_file(actor(), found, _upload())
    except (PermissionDenied, NotFound):
        raise
    except YaoqingError as error:
        return _diff_page(old=old, refusal=error), error.status
    return _diff_page(before, after, old=old, uploaded=True)


def _upload() -> Upload:
    file = request.files.get("archive")
    if not file or not file.filename:
        raise InvalidInput("没有选择文件", advice=f"请选择 {SUFFIX} 文件")
    return Upload(file.filename[:MOST_NAME], file.stream.read(MAX_ARCHIVE + 1))


def _diff_page(before: Pack | None = None, after: Pack | None = None, **given: Any) -> str:
    highlight("packs.index")
    found = life.compared(before, after) if before and after else None
    return render_template(
        "packs/diff.html", difference=found, before=before, after=after, versions=choices(),
        suffix=SUFFIX, **{"old": 0, "new": 0, "uploaded": False, "refusal": None, **given},
    )  # fmt: skip


def choices(without: int = 0) -> list[tuple[Any, str]]:
    """Installed versions to choose from."""
    return [(v.id, f"{v.ref}　{v.title}") for v in services.versions() if v.id != without]


@bp.get("/<int:version_id>/merge")
@permit("pack.install")
def merge(version_id: int) -> Any:
    """Choose the new version, then decide the conflicts."""
    theirs, base = (whole_or_zero(request.args.get(name)) for name in ("theirs", "base"))
    return _merge_page(version_id, theirs, base)


@bp.post("/<int:version_id>/merge")
@permit("pack.install")
def carry_over(version_id: int) -> Any:
    """Install the merged version, or show on the same page what is missing."""
    form = request.form
    theirs, base = whole_or_zero(form.get("theirs")), whole_or_zero(form.get("base"))
    if form.get("action") == "preview":
        return _merge_page(version_id, theirs, base)
    try:
        found = life.carry_over(actor(), version_id, theirs, dict(answers(form)), base or None)
    except (PermissionDenied, NotFound):
        raise
    except YaoqingError as error:
        return _merge_page(version_id, theirs, base, error), error.status
    flash(f"已并入新版，装为 {found.ref}。由安全管理员启用后生效", "success")
    return redirect(url_for("packs.pack", version_id=found.id))


def _merge_page(version_id: int, theirs: int, base: int, refusal: YaoqingError | None = None) -> str:
    require(actor(), "pack.install")
    highlight("packs.index")
    ours, report, prepared = services.version(version_id), None, None
    chosen = dict(answers(request.form))
    try:
        if theirs:
            origin = services.version(base) if base else None
            report = life.merged_with(ours, services.version(theirs), chosen, origin)
            prepared = life.tried(report.draft) if report.draft else None
    except YaoqingError as error:
        refusal = refusal or error
    known = life.base_of(ours)
    return render_template(
        "packs/merge.html", ours=ours, theirs=theirs, base=base or (known.id if known else 0), report=report,
        prepared=prepared, rows=[_conflict(words, chosen) for words in report.conflicts] if report else [],
        versions=choices(), others=choices(without=version_id), refusal=refusal, reasons=reasons(refusal),
    )  # fmt: skip


def _conflict(words: Any, chosen: dict[str, Any]) -> dict[str, Any]:
    conflict = words.conflict
    choice = chosen.get(conflict.name)
    theirs = "" if conflict.theirs is ABSENT else conflict.theirs
    return {
        "name": conflict.name, "place": words.place, "base": words.base, "ours": words.ours, "theirs": words.theirs,
        "fillable": conflict.fillable and (bool(conflict.path) or life.may_write_files()),
        "long": not conflict.path, "take": choice.take if choice else "",
        "files": _compared(conflict) if not conflict.path else [],
        "text": choice.text if choice and choice.text else theirs if conflict.fillable else "",
    }  # fmt: skip


def _compared(conflict: Any) -> list[tuple[str, FileChange]]:
    """How each side changed a whole file."""
    base, ours, theirs = (
        "" if side is ABSENT else side for side in (conflict.base, conflict.ours, conflict.theirs)
    )
    sides = (("本地的改动", ours), ("新版的改动", theirs))
    return [(title, FileChange(conflict.file, "changed", base, text)) for title, text in sides]


def reasons(refusal: YaoqingError | None) -> list[YaoqingError]:
    """A refusal's parts, to be listed."""
    if refusal is None:
        return []
    return refusal.errors if isinstance(refusal, Findings) else [refusal]


@bp.post("/<int:version_id>/confirm")
@permit("pack.confirm")
def confirm(version_id: int) -> Any:
    """Put on record that a paper still holds."""
    found = services.version(version_id)
    row = confirming.confirm(actor(), found, request.form.get("source", ""), request.form.get("note", ""))
    flash(f"已记下：{row.document}仍然有效", "success")
    return redirect(url_for("packs.pack", version_id=found.id) + "#sources")
