"""Circulars in every state, for the walk over all routes."""

from sqlalchemy import select

from core.db import db, transaction
from core.scoring import runs
from plugins.circulars import issuing, services
from plugins.circulars.models import CircularDraft
from tests.shape.things import Thing


def register(things):
    """Add the addresses of circulars."""

    @things.at("circulars.draft")
    def draft(world, spot):
        found = _drafted(world, spot)
        period, kind = found.period_key, found.kind
        with transaction():
            db.session.delete(found)
        return Thing({}, form={"period": period, "kind": kind})

    @things.named("circular_id")
    def drafted(world, spot):
        found = _drafted(world, spot)
        form = {
            "version": found.version,
            "opening": "现将有关情况通报如下。",
            "requirements": "请各单位改进工作。",
        }
        return Thing({"circular_id": found.id}, spot.office.place(), form)

    @things.at("circulars.send_back", "circulars.issue")
    def submitted(world, spot):
        found = _submitted(world, spot)
        form = {"reason": "再核实", "version": found.version}
        return Thing({"circular_id": found.id}, spot.office.place(), form)

    @things.at("circulars.discard")
    def correction(world, spot):
        found = issuing.issue(world.staff("issuer", spot.unit), _submitted(world, spot).id)
        office, period = found.office_id, found.period_key
        runs.reopen(world.staff("issuer", spot.unit), office, period, "更正")
        runs.close(world.staff("issuer", spot.unit), office, period)
        found = services.draft(world.staff("editor", spot.unit), office, period)
        return Thing({"circular_id": found.id}, spot.office.place(), {"version": found.version})

    @things.at("circulars.show")
    def issued(world, spot):
        found = issuing.issue(world.staff("issuer", spot.unit), _submitted(world, spot).id)
        return Thing({"circular_id": found.id}, spot.office.place())

    @things.at("circulars.preview_pdf", "circulars.preview_picture")
    def preview(world, spot):
        # A draft is shown to those who draft or issue; everybody else reads what was issued.
        readers = ("informant", "signing_leader", "leader")
        values = {"circular_id": _drafted(world, spot).id, "page": 1}
        return Thing(values, spot.office.place(), not_for=readers)


def _drafted(world, spot) -> CircularDraft:
    """Closing a period has its circular drafted."""
    period = world.closed_period(spot)
    query = select(CircularDraft).where(
        CircularDraft.period_key == period, CircularDraft.office_id == spot.office.id
    )
    return db.session.scalars(query).first()


def _submitted(world, spot) -> CircularDraft:
    found = _drafted(world, spot)
    return services.submit(world.staff("editor", spot.unit), found.id, found.version)
