"""The page that changes common values of a pack: fields in, a new version out."""

import io
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for

from core.errors import InvalidInput, NotFound, PermissionDenied, YaoqingError
from core.packs import life, services
from core.packs.life_views import reasons
from core.packs.models import PackVersion
from core.packs.views import bp
from core.permissions import require
from core.web import actor, highlight, parse_day, permit


@bp.get("/<int:version_id>/edit")
@permit("pack.install")
def edit(version_id: int) -> Any:
    """The common values of a version."""
    return _page(services.version(version_id))


@bp.post("/<int:version_id>/edit")
@permit("pack.install")
def revise(version_id: int) -> Any:
    """Show what would change, save it as a file, or install it as a new version."""
    found, form = services.version(version_id), request.form
    action = form.get("action", "save")
    try:
        given = {"reason": form.get("reason", ""), "edition": form.get("edition") == "1"}
        since = _since(form.get("since", ""))
        if action == "save":
            made = life.revise(actor(), version_id, form, since, **given)
            flash(f"已装为新版本 {made.ref}，用例全部通过。由安全管理员启用后生效", "success")
            return redirect(url_for("packs.pack", version_id=made.id))
        require(actor(), "pack.install")
        ready = life.revised(found, form, since, **given)
        if action == "file":
            upload = ready.upload
            return send_file(
                io.BytesIO(upload.content),
                "application/octet-stream",
                as_attachment=True,
                download_name=upload.name,
            )
        return _page(found, ready)
    except (PermissionDenied, NotFound):
        raise
    except YaoqingError as error:
        return _page(found, refusal=error), error.status


def _since(text: str) -> Any:
    if text.strip() and parse_day(text) is None:
        raise InvalidInput("应为日期", where="自哪一天起", advice="请写成 2026-03-01 的形式")
    return parse_day(text)


def _page(found: PackVersion, ready: life.Prepared | None = None, refusal: YaoqingError | None = None) -> str:
    require(actor(), "pack.install")
    highlight("packs.index")
    pack = services.load(found)
    groups = [
        (group, list(fields)) for group, fields in groupby(life.fields_of(pack), key=lambda slot: slot.group)
    ]
    return render_template(
        "packs/edit.html", version=found, groups=groups, ready=ready, refusal=refusal, reasons=reasons(refusal),
        form=request.form, signed=life.is_signed(found), local=pack.manifest.derived_from,
    )  # fmt: skip
