"""Recorded steps, and items to record them on, for the walk over all routes."""

from core import clock
from core.permissions import Place
from plugins.escalation import comparing, services
from plugins.escalation.services import Step
from plugins.escalation.words import ADOPTED, SENT_UP, words_of
from tests.shape.things import Thing


def register(things):
    """Add the addresses of escalation."""

    @things.at("escalation.sent_up")
    def to_send(world, spot):
        return _to_record(world, spot, SENT_UP)

    @things.at("escalation.adopted")
    def to_adopt(world, spot):
        return _to_record(world, spot, ADOPTED)

    @things.named("fact_id")
    def recorded(world, spot):
        item = world.make_submission("received", unit=spot.unit)
        step = Step(ADOPTED, _place(spot, ADOPTED), clock.today())
        fact = services.record(world.staff("editor", spot.unit), item.id, step)
        return Thing({"fact_id": fact.id}, Place(spot.office.id), {"reason": "登记有误"})

    @things.at("escalation.import_list")
    def adoption_list(world, spot):
        item = world.make_submission("received", unit=spot.unit)
        step = Step(ADOPTED, _place(spot, ADOPTED), clock.today())
        form = {"step": "record", "pick": comparing.value_of(item.id, step), "text": item.title}
        return Thing({}, form={**form, "place": step.place, "on": step.on.isoformat()})


def _to_record(world, spot, kind):
    item = world.make_submission("received", unit=spot.unit)
    form = {f"{kind}-place": _place(spot, kind), f"{kind}-on": clock.today().isoformat()}
    return Thing({"submission_id": item.id}, Place(spot.office.id), form)


def _place(spot, kind) -> str:
    return next(iter(words_of(spot.office.id, clock.today()).places[kind]))
