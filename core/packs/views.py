"""Pages of rule packs: what is installed, what an office uses, what a pack says."""

import io
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for

from core import clock
from core.errors import Findings, InvalidInput, NotFound, PermissionDenied, YaoqingError
from core.packs import confirming, intake, layouts, services
from core.packs import rollback as way_back
from core.packs.content.format import run_examples
from core.packs.files.archive import MAX_ARCHIVE, SUFFIX
from core.packs.parcels import MOST_NAME, Upload, file_name
from core.packs.standing import exported, standing
from core.packs.wording.speech import day_text
from core.permissions import reach
from core.plugins import plugin_titles
from core.web import actor, highlight, parse_day, permit, whole_or_zero

bp = Blueprint("packs", __name__, url_prefix="/packs")


@bp.get("/")
@permit("pack.view")
def index() -> Any:
    """Installed versions with their signatures, and the office's activations."""
    return _index()


def _index(refusal: YaoqingError | None = None) -> str:
    folder = services.registry().folder
    office_id, today = actor().office_id, clock.today()
    listed = services.activations(office_id)
    now = next((a.pack_version for a in listed if a.starts_on <= today), None)
    return render_template(
        "packs/index.html", now=now, now_is_good=now is None or way_back.is_intact(now),
        may_activate=bool(reach(actor(), "pack.activate")), backs=(backs := way_back.used(office_id)),
        backs_listed=[(v.id, str(v)) for v in backs],
        nearest=next((v for v in way_back.earlier(office_id, today) if way_back.is_intact(v)), None),
        versions=[(v, standing(v, folder)) for v in services.versions()],
        activations=listed, today=today, may_install=bool(reach(actor(), "pack.install")), policy=intake.policy().value,
        overdue=confirming.overdue(office_id),
        suffix=SUFFIX, largest=MAX_ARCHIVE >> 20,
        refusal=refusal, reasons=refusal.errors if isinstance(refusal, Findings) else [refusal] if refusal else [],
    )  # fmt: skip


@bp.post("/install")
@permit("pack.install")
def install() -> Any:
    """Install a pack file, or say on the same page all that is wrong with it."""
    file = request.files.get("archive")
    try:
        if not file or not file.filename:
            raise InvalidInput("没有选择文件", advice=f"请选择 {SUFFIX} 文件")
        upload = Upload(file.filename[:MOST_NAME], file.stream.read(MAX_ARCHIVE + 1))
        before = services.held()
        found, results = services.install(actor(), upload)
    except (PermissionDenied, NotFound):
        raise
    except YaoqingError as error:
        highlight("packs.index")
        return _index(error), error.status
    said = {
        "new": f"已安装“{found.title}”，{len(results)} 个用例全部通过。由安全管理员启用后生效",
        "signed": f"“{found.title}”的这一版本以前已经安装，内容没有变化，本次登记了签名",
        "same": f"“{found.title}”的这一版本以前已经安装，本次没有任何变化",
    }
    come = services.arrival(found, before)
    flash(said[come], "info" if come == "same" else "success")
    return redirect(url_for("packs.pack", version_id=found.id))


@bp.get("/<int:version_id>")
@permit("pack.view")
def pack(version_id: int) -> Any:
    """One version: manifest, files, and its own examples run now."""
    found = services.version(version_id)
    loaded = services.load(found)
    highlight("packs.index")
    results = run_examples(loaded, services.registry().sections)
    texts = {name: content.decode("utf-8", "replace") for name, content in sorted(loaded.files.items())}
    return render_template(
        "packs/pack.html", plugin_titles=plugin_titles(loaded.manifest.plugins), version=found,
        manifest=loaded.manifest, texts=texts, results=results,
        today=clock.today(), may_activate=bool(reach(actor(), "pack.activate")),
        may_install=bool(reach(actor(), "pack.install")), may_confirm=bool(reach(actor(), "pack.confirm")),
        papers=confirming.papers(found),
        signed=standing(found, services.registry().folder), layouts=layouts.layouts_of(loaded),
    )  # fmt: skip


@bp.get("/<int:version_id>/export")
@permit("pack.view")
def export(version_id: int) -> Any:
    """Save a version as a pack file, with the signature it came with."""
    found = services.version(version_id)
    content = io.BytesIO(exported(found, services.load(found)))
    return send_file(
        content, "application/octet-stream", as_attachment=True, download_name=file_name(found.ref)
    )


@bp.post("/<int:version_id>/activate")
@permit("pack.activate")
def activate(version_id: int) -> Any:
    """Use a version from a day on."""
    starts_on = parse_day(request.form.get("starts_on"))
    if not starts_on:
        raise InvalidInput("请填写启用日期", where="启用日期")
    done = services.activate(actor(), actor().office_id, version_id, starts_on)
    flash(f"自{day_text(done.starts_on, whole=True)}起启用“{done.pack_version}”", "success")
    return redirect(url_for("packs.index"))


@bp.post("/rollback")
@permit("pack.activate")
def rollback() -> Any:
    """Put a version used before in force again, with a reason."""
    starts_on = parse_day(request.form.get("starts_on"))
    if not starts_on:
        raise InvalidInput("请填写回退日期", where="回退日期")
    version_id, reason = whole_or_zero(request.form.get("version_id")), request.form.get("reason", "")
    done = way_back.rollback(actor(), actor().office_id, version_id, starts_on, reason)
    flash(f"自{day_text(done.starts_on, whole=True)}起换回“{done.pack_version}”", "success")
    return redirect(url_for("packs.index"))
