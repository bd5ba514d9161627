"""What a format's templates read: its own, the base it extends and the parts they import."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from core.documents.templating.loading import base_templates

# At its head a base tells what data it is given, be it read or not.
_HEAD = re.compile(r"\s*\{#.*?#\}", re.S)
_WORD = re.compile("[a-z_]+")


@dataclass
class Reads:
    """Names of the data, what is looked up in its items, and the templates that do so."""

    # Whatever is named anywhere, and of it what only the data can give.
    names: set[str] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)
    # Looked up in a value: by any template, and by the author's own.
    members: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    templates: set[str] = field(default_factory=set)


def reads_of(template: str, files: Mapping[str, str]) -> Reads | None:
    """Everything that is read from `template` on; nothing when one of the texts is no template.

    The texts are only taken apart, not compiled: compiling would work out what is constant in them.
    """
    bases, found, left = base_templates(), Reads(), [template]
    while left:
        name = left.pop()
        if name in found.templates:
            continue
        found.templates.add(name)
        source = bases[name].read_text("utf-8") if name in bases else files.get(name, "")
        try:
            tree = Environment(autoescape=True).parse(source)
            _add(found, tree, is_own=name not in bases)
            left += [other for other in meta.find_referenced_templates(tree) if other]
        except (TemplateSyntaxError, RecursionError):
            return None
        if name in bases and (told := _HEAD.match(source)):
            found.names |= set(_WORD.findall(told[0]))
    return found


def _add(found: Reads, tree: nodes.Template, is_own: bool) -> None:
    names = list(tree.find_all(nodes.Name))
    named = {node.name for node in names if node.ctx == "load"}
    found.names |= named
    found.wanted |= named - {node.name for node in names if node.ctx != "load"} - set(_given(tree))
    members = {node.attr for node in tree.find_all(nodes.Getattr)}
    members |= {
        str(node.arg.value) for node in tree.find_all(nodes.Getitem) if isinstance(node.arg, nodes.Const)
    }
    found.members |= members
    found.own |= members if is_own else set()


def _given(tree: nodes.Template) -> Iterator[str]:
    """Names that a template imports or calls, or that the engine gives it: not the data's."""
    yield from ("loop", "self", "super", "caller")
    yield from (node.target for node in tree.find_all(nodes.Import))
    yield from (node.node.name for node in tree.find_all(nodes.Call) if isinstance(node.node, nodes.Name))
