"""Pages of the keys whose signatures are trusted; they belong to the blueprint of packs."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from core.errors import NotFound, PermissionDenied, YaoqingError
from core.packs import keyring
from core.packs.files.algorithms import ALGORITHMS
from core.packs.files.keys import read_public, spaced
from core.packs.views import bp
from core.permissions import reach
from core.web import actor, highlight, permit


@bp.get("/keys")
@permit("pack.view")
def keys() -> Any:
    """Every key ever trusted."""
    return _page()


def _page(refusal: YaoqingError | None = None) -> str:
    highlight("packs.index")
    found = [
        {"row": row, "number": spaced(row.key_id), "holder": public.holder,
         "algorithm": ALGORITHMS[public.algorithm].title, "replaces": spaced(row.replaces)}
        for row in keyring.rows()
        for public in [read_public(row.line)]
    ]  # fmt: skip
    return render_template(
        "packs/keys.html", keys=found, may_trust=bool(reach(actor(), "pack.trust")), refusal=refusal,
        typed=request.form,
    )  # fmt: skip


@bp.post("/keys")
@permit("pack.trust")
def trust() -> Any:
    """Trust a public key. What was typed stays when it is refused."""
    form = request.form
    try:
        found = keyring.trust(
            actor(), form.get("line", ""), holder=form.get("holder", ""), replaces=form.get("replaces", "")
        )
    except (PermissionDenied, NotFound):
        raise
    except YaoqingError as error:
        return _page(error), error.status
    flash(f"已信任密钥 {spaced(found.key_id)}", "success")
    return redirect(url_for("packs.keys"))


@bp.post("/keys/<int:row_id>/revoke")
@permit("pack.trust")
def revoke(row_id: int) -> Any:
    """Trust a key no longer."""
    found = keyring.revoke(actor(), keyring.row(row_id).key_id, request.form.get("reason", ""))
    flash(f"已撤销密钥 {spaced(found.key_id)}", "success")
    return redirect(url_for("packs.keys"))
