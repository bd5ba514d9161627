"""Pairs of items, for the walk over all routes."""

from tests.shape.things import Thing


def register(things):
    """Add the addresses of comparisons."""

    @things.at("duplicates.compare")
    def pair(world, spot):
        item, other = (world.make_submission("received", unit=spot.unit) for _ in range(2))
        return Thing({"submission_id": item.id, "other_id": other.id}, item.place())

    @things.at("duplicates.own")
    def own(world, spot):
        item, other = (world.make_submission("received", unit=spot.unit) for _ in range(2))
        return Thing({"submission_id": item.id, "other_id": other.id}, item.main_place())
