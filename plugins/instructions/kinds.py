"""The kind of countable fact this plugin records; packs score it under the name `instructed`."""

from core.scoring.values.fact import Attribute, FactKind

INSTRUCTED = FactKind(
    "instructed",
    "领导批示",
    (
        Attribute("leader", "领导类别", "choice", required=True),
        Attribute("level", "批示层级", "level"),
        Attribute("carrier", "批示载体", "outlet"),
        # The kind of instruction; a pack that tells them apart lists the options.
        Attribute("manner", "批示方式", "choice"),
    ),
)
