"""The page where somebody writes a document format: the sources, and beside them the pages they make."""

import io
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for

from core.errors import NotFound, PermissionDenied, YaoqingError
from core.packs import layouts, life, services
from core.packs.life_views import reasons
from core.packs.models import PackVersion
from core.packs.parcels import Upload
from core.packs.views import bp
from core.permissions import require
from core.web import actor, highlight, permit


@bp.get("/<int:version_id>/layouts/<kind>")
@permit("pack.install")
def layout(version_id: int, kind: str) -> Any:
    """A document format of a version, with its trial print."""
    found = services.version(version_id)
    return _page(found, layouts.untouched(layouts.layout_of(services.load(found), kind)))


@bp.post("/<int:version_id>/layouts/<kind>")
@permit("pack.install")
def relayout(version_id: int, kind: str) -> Any:
    """Print the texts of the form on trial, save them as a file, or install them as a new version."""
    found, form = services.version(version_id), request.form
    require(actor(), "pack.install")
    source = layouts.layout_of(services.load(found), kind)
    # What was typed stays on the page, whatever is refused below.
    wanted, action = layouts.typed(source, form), form.get("action", "proof")
    try:
        wanted = layouts.pictured(wanted, form, _uploads(), form.getlist("dropped"))
        layouts.check_length(wanted)
        given = {"reason": form.get("reason", ""), "edition": form.get("edition") == "1"}
        if action == "save":
            made = life.relay(actor(), version_id, wanted.changes, **given)
            flash(f"已装为新版本 {made.ref}，用例全部通过。由安全管理员启用后生效", "success")
            return redirect(url_for("packs.layout", version_id=made.id, kind=kind))
        if action == "file":
            upload = life.relaid_file(actor(), version_id, wanted.changes, **given)
            return send_file(
                io.BytesIO(upload.content), "application/octet-stream", as_attachment=True, download_name=upload.name
            )  # fmt: skip
    except (PermissionDenied, NotFound):
        raise
    except YaoqingError as error:
        if "fragment" in form:
            return _fragment(layouts.Proof(refusal=error))
        return _page(found, wanted, error), error.status
    if "fragment" in form:
        return _fragment(layouts.proof(services.load(found), wanted))
    return _page(found, wanted)


def _fragment(proof: layouts.Proof) -> str:
    return render_template("packs/_proof.html", proof=proof)


def _uploads() -> list[Upload]:
    files = [file for file in request.files.getlist("picture") if file.filename]
    return [Upload(str(file.filename), file.read()) for file in files]


def _page(found: PackVersion, wanted: layouts.Edited, refusal: YaoqingError | None = None) -> str:
    require(actor(), "pack.install")
    highlight("packs.index")
    pack = services.load(found)
    return render_template(
        "packs/layout.html", version=found, layout=wanted.layout, wanted=wanted, titles=layouts.TITLES,
        again=layouts.AGAIN, proof=layouts.proof(pack, wanted), refusal=refusal, reasons=reasons(refusal),
        form=request.form, may_write=life.may_write_files(), signed=life.is_signed(found),
        local=pack.manifest.derived_from,
    )  # fmt: skip
