"""Circulars in every state, for the walk over all routes."""

from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.permissions import Place
from core.scoring import runs
from plugins.circulars import issuing, services
from plugins.circulars.models import CircularDraft, CircularLetter
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

    @things.at("circulars.letter", "circulars.letter_pdf", "circulars.letter_picture")
    def letter(world, spot):
        found = _sent(world, spot, "letters").letters[0]
        place = Place(spot.office.id, frozenset({spot.unit.id}))
        return Thing({"letter_id": found.id, "page": 1}, place)

    @things.at("circulars.messages_csv")
    def messages(world, spot):
        return Thing({"circular_id": _sent(world, spot, "messages").id}, spot.office.place())


def _drafted(world, spot) -> CircularDraft:
    """Closing a period has its circular drafted."""
    period = world.closed_period(spot)
    query = select(CircularDraft).where(
        CircularDraft.period_key == period, CircularDraft.office_id == spot.office.id
    )
    return db.session.scalars(query).first()


def _sent(world, spot, form) -> CircularDraft:
    """An issued circular that went to one unit, as a letter of its own or as a message."""
    found = issuing.issue(world.staff("issuer", spot.unit), _submitted(world, spot).id)
    with transaction():
        document = None if form == "messages" else found.document_id
        found.letters.append(
            CircularLetter(
                unit_id=spot.unit.id, unit_name=spot.unit.name, paragraphs=["请抓紧报送。"], sent_at=clock.now(),
                document_id=document,
            )
        )  # fmt: skip
        found.form, found.restricted = form, True
        if form == "letters":
            found.document_id = None
    return found


def _submitted(world, spot) -> CircularDraft:
    found = _drafted(world, spot)
    return services.submit(world.staff("editor", spot.unit), found.id, found.version)
