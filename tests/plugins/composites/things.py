"""Composites and split items in every state, for the walk over all routes."""

from core.submissions import text
from plugins.composites import services, splitting
from plugins.composites.services import Chosen, Wanted
from plugins.composites.splitting import Piece
from tests.shape.things import Thing


def register(things):
    """Add the addresses of composites."""

    @things.at("composites.new")
    def new(world, spot):
        items = [world.make_submission("received", unit=spot.unit) for _ in range(2)]
        return Thing({}, form=_form(items))

    @things.at("composites.edit", "composites.dissolve")
    def composite(world, spot):
        made, items = _merged(world, spot)
        form = {**_form(items), "title": "改过的综合稿", "version": made.version, "reason": "分别刊发"}
        return Thing({"composite_id": made.id}, spot.office.place(), form)

    @things.at("composites.take_out")
    def source(world, spot):
        made, items = _merged(world, spot, 3)
        form = {"version": made.version, "reason": "不宜合编"}
        return Thing({"composite_id": made.id, "source_id": items[1].id}, spot.office.place(), form)

    @things.at("composites.compare")
    def pair(world, spot):
        made, items = _merged(world, spot)
        # Units see it once it is published; editors at any time, and issuers only read what is adopted.
        values = {"composite_id": made.id, "source_id": items[0].id}
        return Thing(values, items[0].place(), not_for=("informant", "signing_leader", "issuer"))

    @things.at("composites.revive")
    def void(world, spot):
        made, _ = _merged(world, spot)
        services.dissolve(world.staff("editor", spot.unit), made.id, made.version, "分别刊发")
        return Thing({"composite_id": made.id}, spot.office.place(), {"version": made.version})

    @things.at("composites.split")
    def whole(world, spot):
        item = world.make_submission("received", unit=spot.unit)
        form = {"version": item.version, "count": 2}
        form |= {f"{name}-{n}": f"{name}{n}" for name in ("title", "body") for n in (1, 2)}
        return Thing({"submission_id": item.id}, item.place(), form)

    @things.at("composites.unsplit")
    def parted(world, spot):
        item = world.make_submission("received", unit=spot.unit)
        pieces = [Piece(title, text.from_plain("正文。")) for title in ("甲", "乙")]
        splitting.split(world.staff("editor", spot.unit), item.id, item.version, pieces)
        form = {"version": item.version, "reason": "仍作一条"}
        return Thing({"submission_id": item.id}, item.place(), form)


def _merged(world, spot, number=2):
    editor = world.staff("editor", spot.unit)
    items = [world.make_submission("received", unit=spot.unit, title=f"第{n}条来稿") for n in range(number)]
    rows = [Chosen(item.id, item.version, "part" if n else "main") for n, item in enumerate(items)]
    return services.merge(editor, Wanted(rows, "综合稿", text.from_plain("综合正文。"))), items


def _form(items):
    form = {"title": "综合稿", "body": "综合正文。", "genre": "work_news", "urgency": "normal"}
    form["submission_id"] = [item.id for item in items]
    for n, item in enumerate(items, 1):
        form |= {
            f"version-{item.id}": item.version,
            f"role-{item.id}": "part" if n > 1 else "main",
            f"order-{item.id}": n,
        }
    return form
