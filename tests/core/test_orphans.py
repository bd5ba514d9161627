"""Files that nothing refers to are swept after a while; what any table names stays, whoever made the table."""

import os
import time

import pytest
from sqlalchemy import text

from core import orphans
from core.cli.files import group
from core.db import db, transaction
from core.files import store
from core.jobs import schedules
from core.testing import BLANK_PDF

pytestmark = pytest.mark.postgres
DAY = 86_400


def kept(content: bytes, days: float = 8) -> str:
    """Put a file in, so many days ago."""
    digest = store().put(content)
    then = time.time() - days * DAY
    os.utime(store().path(digest), (then, then))
    return digest


def there(digest: str) -> bool:
    return store().path(digest).exists()


def test_what_was_printed_and_not_issued_goes_after_the_grace(app, office):
    old, fresh = kept(b"printed in vain"), kept(b"printed in vain yesterday", days=1)
    half = store().folder / old[:2] / "tmpabc"
    half.write_bytes(b"ha")
    os.utime(half, (0, 0))

    listed = {orphan.digest: orphan.size for orphan in orphans.orphans()}
    count, size = orphans.sweep()

    assert listed == {old: 15, "": 2} and (count, size) == (2, 17)
    assert (there(old), half.exists(), there(fresh)) == (False, False, True)


def test_what_is_issued_stays_with_its_word_file_and_source(app, office, make_document):
    document = make_document(word=b"word")
    digests = (document.pdf_sha256, document.html_sha256, document.docx_sha256)
    for content in (BLANK_PDF, b"<p></p>", b"word"):
        kept(content)

    assert orphans.sweep() == (0, 0) and all(map(there, digests))


def test_what_stands_in_a_table_nobody_knows_or_inside_a_longer_text_stays(app, office):
    alone, inside, nowhere = kept(b"one"), kept(b"two"), kept(b"three")
    with transaction():
        db.session.execute(text("CREATE TABLE removed_plugin (scan VARCHAR(64), printed JSON)"))
        db.session.execute(
            text("INSERT INTO removed_plugin VALUES (:one, :two)"),
            {"one": alone, "two": f'{{"pdf": "{inside}"}}'},
        )

    orphans.sweep()

    assert (there(alone), there(inside), there(nowhere)) == (True, True, False)


def test_a_file_put_in_again_while_others_sweep_stays(app, office, monkeypatch):
    digest, named = kept(b"again"), orphans._named

    def meanwhile(wanted):
        found = named(wanted)
        store().put(b"again")  # somebody is about to issue it
        return found

    monkeypatch.setattr(orphans, "_named", meanwhile)

    assert orphans.sweep() == (0, 0) and there(digest)


def test_the_sweep_runs_every_night(app, office, run_jobs, watch):
    digest = kept(b"printed in vain")
    schedules.tick()
    watch.move(days=1)

    schedules.tick()
    run_jobs()

    assert not there(digest)


def test_the_command_line_lists_and_sweeps(app, office):
    digest = kept(b"printed in vain")
    run = app.test_cli_runner()

    listed = run.invoke(group, ["orphans"]).output
    swept = run.invoke(group, ["orphans", "--sweep"]).output

    assert digest[:16] in listed and "1 个文件" in swept and not there(digest)
