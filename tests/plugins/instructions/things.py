"""Instructions and items to instruct on, for the walk over all routes."""

from datetime import date

from core import clock
from core.db import db
from core.permissions import Place
from core.testing import BLANK_PDF
from plugins.instructions import answering, files, phrases, posts, services, tasks
from plugins.instructions.answering import Draft
from plugins.instructions.holding import NewPost
from plugins.instructions.models import Instruction
from plugins.instructions.services import NewInstruction
from plugins.instructions.tasks import Routing
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

    @things.at("instructions.restore")
    def withdrawn(world, spot):
        thing = recorded(world, spot)
        services.withdraw(world.staff("editor", spot.unit), thing.values["instruction_id"], "登记有误")
        return thing

    @things.at("instructions.reclassify")
    def odd(world, spot):
        """Recorded with one class; the post entered since says another."""
        thing = recorded(world, spot)
        found = db.session.get_one(Instruction, thing.values["instruction_id"])
        other = services.words_of(spot.office.id, clock.today()).classes[1].id
        new = NewPost("", "市长", other, date(2024, 1, 1), user_id=found.leader_id)
        posts.add(world.staff("editor", spot.unit), spot.office.id, new)
        return thing

    def on_paper(world, spot):
        return world.make_document(spot.office)

    @things.at("instructions.on_document")
    def on_document(world, spot):
        office = spot.office.id
        form = {f"instruction-{name}": value for name, value in _words(spot).items()}

        def place(actor):
            return Place(office, owner_id=actor.id if actor.office_id == office else None)

        return Thing(
            {"document_id": on_paper(world, spot).id}, place, {**form, "instruction-leader_name": "李市长"}
        )

    @things.at("instructions.items")
    def chosen(world, spot):
        words = {**_words(spot), "on": clock.today()}
        new = NewInstruction(0, document_id=on_paper(world, spot).id, leader_name="李市长", **words)
        found = services.record(world.staff("editor", spot.unit), new)
        return Thing({"instruction_id": found.id}, Place(spot.office.id))

    @things.at("instructions.follow")
    def followed(world, spot):
        thing, office = recorded(world, spot), spot.office.id
        form = {f"instruction-{name}": value for name, value in _words(spot).items()}

        def place(actor):
            return Place(office, owner_id=actor.id if actor.office_id == office else None)

        return Thing(
            thing.values,
            place,
            {**form, "instruction-text": "继续抓好。", "instruction-leader_name": "李市长"},
        )

    @things.at("instructions.add_scans")
    def scanned(world, spot):
        thing = recorded(world, spot)
        return Thing(thing.values, thing.place, {"scans": ("批示.pdf", BLANK_PDF)})

    @things.named("instruction_id", "file_id")
    def scan(world, spot):
        thing = recorded(world, spot)
        found = files.attach(
            world.staff("editor", spot.unit), thing.values["instruction_id"], [("批示.pdf", BLANK_PDF)]
        )
        return Thing({**thing.values, "file_id": found.files[0].id}, thing.place)

    @things.at("instructions.own_phrases")
    def phrase(world, spot):
        return Thing({}, form={"text": "请办公室跟踪。"})

    @things.named("phrase_id")
    def own(world, spot):
        leader = world.staff("leader", spot.unit)
        return Thing(
            {"phrase_id": phrases.add(leader, f"{spot.name}常用").id},
            Place(0, owner_id=leader.id),
            not_for=("leader", "editor"),
        )

    _posts(things)
    _tasks(things, recorded)


def _tasks(things, recorded):
    """Tasks belong to the unit they were given to; it is another one than the item's."""

    def routed(world, spot):
        thing = recorded(world, spot)
        desk = world.staff("editor", spot.unit)
        return tasks.route(desk, thing.values["instruction_id"], Routing([spot.unit.id]))[0]

    def written(world, spot):
        task = routed(world, spot)
        clerk = world.staff("informant", spot.unit)
        made = answering.write(clerk, task.id, task.version, Draft("已办"), [("清单.pdf", BLANK_PDF)])
        return task, made

    @things.at("instructions.route")
    def route(world, spot):
        thing = recorded(world, spot)
        form = {"route-main_ids": [str(spot.unit.id)], "route-urgency": "normal"}
        return Thing(thing.values, Place(spot.office.id), form)

    @things.named("task_id")
    def task(world, spot):
        found = routed(world, spot)
        form = {"version": str(found.version), "step": "chase", "answer-text": "已办", "answer-final": "yes"}
        return Thing({"task_id": found.id}, found.place(), form)

    @things.at("instructions.feedback_head")
    def awaiting(world, spot):
        found, made = written(world, spot)
        return Thing(
            {"task_id": found.id, "feedback_id": made.id},
            found.place(),
            {"version": str(made.version), "step": "sign"},
        )

    @things.at("instructions.feedback_desk")
    def sent(world, spot):
        found, made = written(world, spot)
        answering.sign(world.staff("signing_leader", spot.unit), found.id, made.id, made.version)
        form = {"version": str(found.version), "step": "accept"}
        return Thing({"task_id": found.id, "feedback_id": made.id}, found.place(), form)

    @things.at("instructions.remove_feedback_file")
    def kept(world, spot):
        found, made = written(world, spot)
        ids = {"task_id": found.id, "feedback_id": made.id, "file_id": made.files[0].id}
        return Thing(ids, found.place())

    @things.at("instructions.feedback_file")
    def file(world, spot):
        found, made = written(world, spot)
        answering.sign(world.staff("signing_leader", spot.unit), found.id, made.id, made.version)
        ids = {"task_id": found.id, "feedback_id": made.id, "file_id": made.files[0].id}
        return Thing(ids, found.place())


def _posts(things):
    """Posts belong to the office whose desk keeps them."""
    form = {"post-name": "高市长", "post-post": "市长", "post-since": "2024-01-01"}

    def classed(spot):
        return {**form, "post-leader_class": services.words_of(spot.office.id, clock.today()).classes[0].id}

    @things.named("post_id")
    def held(world, spot):
        new = NewPost("高市长", f"{spot.name}市长", classed(spot)["post-leader_class"], date(2024, 1, 1))
        found = posts.add(world.staff("editor", spot.unit), spot.office.id, new)
        return Thing(
            {"post_id": found.id}, Place(spot.office.id), {**classed(spot), "post-version": found.version}
        )

    @things.at("instructions.post_new")
    def fresh(world, spot):
        return Thing({}, form=classed(spot))

    @things.at("instructions.post_import")
    def listed(world, spot):
        klass = classed(spot)["post-leader_class"]
        return Thing({}, form={"text": f"高市长\t市长\t{klass}\t2024-01-01"})


def _words(spot):
    """A class of leaders and a kind of instruction that the pack in force knows."""
    words = services.words_of(spot.office.id, clock.today())
    return {
        "leader_class": words.classes[0].id,
        "kind": words.kinds[0].id,
        "on": clock.today().isoformat(),
        "text": "请研究。",
    }
