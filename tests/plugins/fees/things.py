"""Lists of fees in every state, for the walk over all routes."""

from datetime import date

from core import facts
from core.db import transaction
from core.facts import Author
from core.permissions import Place
from plugins.fees import queries, services
from tests.shape.things import Thing

OPEN, DRAWN_UP, APPROVED, RUNNING = "2024-H1", "2024-H2", "2025-H1", "2025-H2"
NAME = "无名氏"


def register(things):
    """Add the addresses of fees."""

    @things.at("fees.prepare")
    def undone(world, spot):
        return Thing({"period_key": OPEN})

    @things.at("fees.approve", "fees.send_back")
    def drawn_up(world, spot):
        services.prepare(world.staff("editor", spot.unit), spot.office.id, DRAWN_UP)
        found = queries.draft(spot.office.id, DRAWN_UP)
        return Thing({"period_key": DRAWN_UP}, form={"digest": found.digest, "reason": "再核实"})

    @things.at("fees.listing", "fees.proof")
    def approved(world, spot):
        office = spot.office.id
        if not queries.approved(office, APPROVED):
            services.prepare(world.staff("editor", spot.unit), office, APPROVED)
            services.approve(world.staff("issuer", spot.unit), office, APPROVED)
        return Thing({"period_key": APPROVED})

    @things.at("fees.download", "fees.download_workbook")
    def whole(world, spot):
        return Thing({"period_key": OPEN}, lambda actor: Place(actor.office_id if actor else 0))

    @things.at("fees.payee")
    def payee(world, spot):
        new = facts.NewFact(
            spot.office.id, "adopted", date(2025, 9, 3), (spot.unit.id,), f"fees:{spot.unit.id}", title="信息",
            attrs={"outlet": "zwyq"}, authors=(Author(NAME),),
        )  # fmt: skip
        with transaction():
            facts.record(world.staff("editor", spot.unit), new)
        values = {"period_key": RUNNING, "unit_id": spot.unit.id, "name": NAME}
        return Thing(values, Place(spot.office.id, frozenset({spot.unit.id})))
