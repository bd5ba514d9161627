"""Pages of background jobs: one's own, one of them with its progress, and the administrator's overview."""

import io
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for

from core import backup
from core.db import db
from core.jobs import ledger, queries
from core.jobs.models import STATES
from core.paging import page_of
from core.web import actor, highlight, page_number, permit

bp = Blueprint("jobs", __name__, url_prefix="/jobs")


@bp.get("/")
@permit("job.view")
def index() -> Any:
    """The person's jobs, newest first."""
    state = _state()
    page = page_of(queries.mine(actor(), state), page_number(), _size(), scalars=True)
    return render_template("jobs/index.html", page=page, states=list(STATES.items()), state=state)


@bp.get("/<int:job_id>")
@permit("job.view")
def show(job_id: int) -> Any:
    """One job: how far it is, what came of it."""
    highlight("jobs.index")
    job = queries.one(actor(), job_id)
    refused = queries.refusal(actor(), job) if job.has_file else None
    return render_template("jobs/show.html", job=job, stuck=queries.is_stuck(job), refused=refused)


@bp.get("/<int:job_id>/live")
@permit("job.view")
def live(job_id: int) -> Any:
    """The moving part of a job's page, for the script that asks again and again."""
    job = queries.one(actor(), job_id)
    return render_template("jobs/_live.html", job=job, stuck=queries.is_stuck(job))


@bp.post("/<int:job_id>/cancel")
@permit("job.view")
def cancel(job_id: int) -> Any:
    """Stop a job."""
    job = queries.one(actor(), job_id)
    ledger.cancel(actor(), job)
    flash("已要求取消这项任务", "success")
    return redirect(url_for("jobs.show", job_id=job_id))


@bp.post("/<int:job_id>/again")
@permit("job.view")
def again(job_id: int) -> Any:
    """Start a job anew that failed or was cancelled."""
    fresh = ledger.again(actor(), queries.one(actor(), job_id))
    flash("已重新提交，正在排队", "success")
    return redirect(url_for("jobs.show", job_id=fresh.id))


@bp.get("/<int:job_id>/file")
@permit("job.view")
def file(job_id: int) -> Any:
    """The file a job made."""
    job = queries.one(actor(), job_id)
    content = io.BytesIO(queries.file_of(actor(), job))
    response = send_file(content, mimetype=job.result_type, download_name=job.result_name, as_attachment=True)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/health")
@permit("job.health")
def health() -> Any:
    """For the system administrator: processes at work, schedules, jobs of the office."""
    state = _state()
    page = page_of(queries.of_offices(actor(), state), page_number(), _size(), scalars=True)
    return render_template(
        "jobs/health.html",
        health=queries.health(actor()),
        page=page,
        states=list(STATES.items()),
        state=state,
        backup=backup.last(current_app.config["YAOQING"]["DATA"]),
        # A server's database is dumped by its own tools, which this site knows nothing of.
        embedded=db.engine.dialect.name == "sqlite",
    )


def _state() -> str:
    state = request.args.get("state", "")
    return state if state in STATES else ""


def _size() -> int:
    return int(current_app.config["YAOQING"]["PAGE_SIZE"])
