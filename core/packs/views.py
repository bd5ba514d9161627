"""Pages of rule packs: what is installed, what an office uses, what a pack says."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from core import clock
from core.errors import InvalidInput
from core.packs import services
from core.packs.format import run_examples
from core.permissions import reach
from core.plugins import plugin_titles
from core.web import actor, highlight, parse_day, permit

bp = Blueprint("packs", __name__, url_prefix="/packs")


@bp.get("/")
@permit("pack.view")
def index() -> Any:
    """Installed versions and the office's activations."""
    found = services.activations(actor().office_id)
    return render_template(
        "packs/index.html", versions=services.versions(), activations=found, today=clock.today()
    )


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
    )  # fmt: skip


@bp.post("/<int:version_id>/activate")
@permit("pack.activate")
def activate(version_id: int) -> Any:
    """Use a version from a day on."""
    starts_on = parse_day(request.form.get("starts_on"))
    if not starts_on:
        raise InvalidInput("请填写启用日期", where="启用日期")
    services.activate(actor(), actor().office_id, version_id, starts_on)
    flash("规则包已启用", "success")
    return redirect(url_for("packs.index"))
