"""Instructions and items to instruct on, for the walk over all routes."""

from core import clock
from core.permissions import Place
from plugins.instructions import services
from plugins.instructions.services import NewInstruction
from tests.shape.things import Thing


def register(things):
    """Add the addresses of instructions."""

    @things.at("instructions.new")
    def new(world, spot):
        item = world.make_submission("received", unit=spot.unit)
        office = spot.office.id
        form = {f"instruction-{name}": value for name, value in _words(spot).items()}

        def place(actor):
            # A leader writes an instruction of their own on any item of the office.
            return Place(office, owner_id=actor.id if actor.office_id == office else None)

        return Thing({"submission_id": item.id}, place, {**form, "instruction-leader_name": "李市长"})

    @things.named("instruction_id")
    def recorded(world, spot):
        item = world.make_submission("received", unit=spot.unit)
        leader = world.make_user("leader", office=spot.office)
        words = {**_words(spot), "on": clock.today()}
        new = NewInstruction(item.id, leader_id=leader.id, **words)
        found = services.record(world.staff("editor", spot.unit), new)
        place = Place(spot.office.id, item.place().unit_ids, owner_id=leader.id)
        return Thing({"instruction_id": found.id}, place, {"reason": "登记有误"})


def _words(spot):
    """A class of leaders and a kind of instruction that the pack in force knows."""
    words = services.words_of(spot.office.id, clock.today())
    return {
        "leader_class": words.classes[0].id,
        "kind": words.kinds[0].id,
        "on": clock.today().isoformat(),
        "text": "请研究。",
    }
