"""What the code writes into the trail can be read: every key has a word; tables keep their columns on paper."""

import ast

from core.audit.words import WORDS
from core.config import PROJECT
from core.plugins import collect

# What note() takes itself.
OWN = {"office_id", "outcome"}


def _trail_calls(tree, path):
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for call in ast.walk(function):
            if not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func)
            ours = name in ("audit.note", "put_in_force", "services.put_in_force")
            if ours or (name == "note" and path.parent.name == "audit"):
                yield function, call


def _keys(path):
    for function, call in _trail_calls(ast.parse(path.read_text(encoding="utf-8")), path):
        for given in call.keywords:
            if given.arg:
                yield given.arg
                continue
            # **values: the keys of every dict written out there, or where its name is set in the function.
            for inside in (
                _set(function, given.value.id) if isinstance(given.value, ast.Name) else [given.value]
            ):
                for each in ast.walk(inside):
                    if isinstance(each, ast.Dict):
                        yield from (key.value for key in each.keys if isinstance(key, ast.Constant))


def _set(function, name):
    for each in ast.walk(function):
        if isinstance(each, ast.Assign) and any(ast.unparse(target) == name for target in each.targets):
            yield each.value


def written(folder):
    """Every key of details in a folder: key → a file that writes it."""
    found = {}
    for path in sorted((PROJECT / folder).rglob("*.py")):
        found.update({key: str(path.relative_to(PROJECT)) for key in _keys(path) if key not in OWN})
    return found


def unknown(keys, words):
    known = {word.key for word in words}
    return {key: path for key, path in keys.items() if key not in known}


def test_every_key_core_writes_has_a_chinese_word_of_core():
    keys = written("core")

    assert {"reason", "replaced_by", "instead_of", "derived_from"} <= set(keys)
    assert unknown(keys, WORDS) == {}


def test_every_key_plugins_write_has_a_chinese_word(app):
    keys = written("plugins")

    assert {"issue", "column", "sources", "recorded", "replaces", "skipped"} <= set(keys)
    assert unknown(keys, [*WORDS, *collect("trail_words")]) == {}


def test_every_word_is_chinese(app):
    assert not [word for word in (*WORDS, *collect("trail_words")) if word.title.isascii()]


def test_no_heading_of_data_is_styled_as_one_of_buttons():
    """On paper the columns of buttons are left out, heading and cells: a heading without such cells would shift the others."""
    for path in [*(PROJECT / "templates").rglob("*.html"), *(PROJECT / "plugins").rglob("*.html")]:
        text = path.read_text(encoding="utf-8")
        assert text.count('width="actions"') <= text.count("row-actions"), path
