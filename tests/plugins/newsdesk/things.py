"""What the walk over all routes opens at the desk."""

from sqlalchemy import select

from core.accounts.models import RoleAssignment, User
from core.db import db
from core.permissions import Place
from core.testing import actor_of
from plugins.newsdesk import filters, phrases
from tests.shape.things import Thing


def register(things):
    """The desk's addresses."""

    @things.at("newsdesk.item", "newsdesk.seen")
    def received(world, spot):
        item = world.make_submission("received", unit=spot.unit)
        return Thing({"submission_id": item.id}, item.place())

    @things.at("newsdesk.unit")
    def unit(world, spot):
        return Thing({"unit_id": spot.unit.id}, Place(spot.office.id))

    @things.at("newsdesk.act")
    def chosen(world, spot):
        item = world.make_submission("received", unit=spot.unit)
        return Thing({}, form={"id": item.id, "action": "take"})

    @things.at("newsdesk.keep_filter")
    def kept(world, spot):
        return Thing({}, form={"name": "农业口", "genre": "brief"})

    @things.at("newsdesk.default_filter")
    def preferred(world, spot):
        # The walkers are the editors of the first office; what is shared there can be chosen by them.
        found = filters.keep(_walker(world, spot), "共用的", {"urgency": ["urgent"]}, shared=True)
        return Thing({}, form={"filter": found.id})

    @things.at("newsdesk.share_filter", "newsdesk.rename_filter", "newsdesk.delete_filter")
    def own(world, spot):
        found = filters.keep(_walker(world, spot), f"加急 {spot.name}", {"urgency": ["urgent"]})
        return Thing({"filter_id": found.id}, Place(spot.office.id), {"shared": "1", "name": "急件"})

    @things.at("newsdesk.kept_phrases")
    def fresh(world, spot):
        return Thing({}, form={"text": "请补充数据来源", "use": "both"})

    @things.at("newsdesk.change_phrase", "newsdesk.delete_phrase")
    def phrase(world, spot):
        found = phrases.add(_walker(world, spot), f"请核实数据（{spot.name}）", "both", shared=True)
        return Thing(
            {"phrase_id": found.id}, Place(spot.office.id), {"text": "请核实全部数据", "use": "return"}
        )


def _walker(world, spot):
    """Whoever walks as an editor in the office: they were made first."""
    held = select(RoleAssignment.user_id).where(
        RoleAssignment.role == "editor", RoleAssignment.office_id == spot.office.id
    )
    number = db.session.scalar(held.order_by(RoleAssignment.user_id).limit(1))
    return actor_of(db.session.get(User, number) if number else world.make_user("editor", unit=spot.unit))
