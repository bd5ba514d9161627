"""Remarks and phrases for the walk over all routes."""

from sqlalchemy import select

from core import clock
from core.accounts.models import User
from core.db import db, transaction
from core.permissions import Place
from plugins.proofreading import services
from plugins.proofreading.models import QuietPhrase
from tests.shape.things import Thing

KEY = "confusions:帐号"
SLIP = "市政府登陆帐号2个，，部署防汛工作。"


def register(things):
    """The addresses of proofreading."""

    @things.at("proofreading.dismiss", "proofreading.dismiss_phrase")
    def item(world, spot):
        found = world.make_submission("received", unit=spot.unit, body=SLIP)
        return Thing({"submission_id": found.id}, found.main_place(), {"key": KEY})

    @things.at("proofreading.own_dismiss")
    def draft(world, spot):
        found = world.make_submission("draft", unit=spot.unit, body=SLIP)
        return Thing({"submission_id": found.id}, found.main_place(), {"key": KEY})

    @things.at("proofreading.restore")
    def settled(world, spot):
        found = world.make_submission("received", unit=spot.unit, body=SLIP)
        services.dismiss(world.staff("editor", spot.unit), found.id, KEY)
        return Thing({"submission_id": found.id}, found.main_place(), {"key": KEY})

    @things.at("proofreading.own_restore")
    def settled_draft(world, spot):
        found = world.make_submission("draft", unit=spot.unit, body=SLIP)
        services.dismiss(world.staff("informant", spot.unit), found.id, KEY)
        return Thing({"submission_id": found.id}, found.main_place(), {"key": KEY})

    @things.at("proofreading.restore_phrase")
    def phrase(world, spot):
        with transaction():
            found = QuietPhrase(
                office_id=spot.office.id, rule="confusions", phrase=f"帐号{spot.name}"[:80], text="“帐号”应为“账号”",
                at=clock.now(), by_id=db.session.scalar(select(User.id).limit(1)),
            )  # fmt: skip
            db.session.add(found)
            db.session.flush()
        return Thing({"phrase_id": found.id}, Place(spot.office.id))
