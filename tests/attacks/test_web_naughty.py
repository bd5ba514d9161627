"""Strings that broke other systems, through every text field: no error of ours, nothing comes alive, nothing is lost."""

import pytest
from sqlalchemy import select

from core.accounts.models import Unit, User
from core.audit import verify
from core.db import db
from core.submissions import queries
from core.submissions.models import Submission
from core.submissions.text import clean_line, from_plain, plain
from core.testing import actor_of, login
from tests.shape.page_rules import faults_of

MARKUP = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<iframe src=//example.com>",
    "<img src=//example.com/a.png>",
    "<style>@import '//example.com'</style>",
    "<base href=//example.com>",
    "<form action=//example.com><input name=password>",
    "<meta http-equiv=refresh content='0;url=//example.com'>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    r"\u003cscript\u003ealert(2)\u003c/script\u003e",
    "＜script＞alert(1)＜/script＞",
    "<scr\x00ipt>alert(3)</scr\x00ipt>",
]  # fmt: skip
CODE = [
    "' OR '1'='1",
    "'; DROP TABLE submission; --",
    "\" OR \"\"=\"",
    "1; SELECT pg_sleep(10)",
    "%' OR title LIKE '%",
    "_%\\",
    "{{ 7 * 191 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "${7*191}",
    "#{7*191}",
    "%s%s%n%x",
    "%(password)s {0.__class__}",
    "$(reboot) `reboot` | reboot",
    "../../../etc/passwd",
    "C:\\Windows\\win.ini",
    "file:///etc/passwd",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(1)",
    "-2+3",
]  # fmt: skip
CHARACTERS = [
    "𠮷野家㐂〇",
    "２０２６年１月",
    "👨‍👩‍👧‍👦🇨🇳👍🏽",
    "e\u0301 ﬁ ½ ² ™",
    "\u202e反向\u202c文字",
    "零\u200b宽\ufeff字\u2060符",
    "\x00零字节",
    "\x1b[31m红\x1b[0m",
    "\r\n多\r行\n文\u2028本\u2029段",
    "\t制表\t符",
    "\ud7ff\ue000\ufffd\uffff",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "ضصث مرحبا",
    "ＮＵＬＬ null None undefined NaN true",
    "　　首行缩进　",
    "“引号”‘单引号’《书名》——破折号……",
    "ﷺ𒐫",
    "A" * 300,
    "长" * 5000,
    " ",
]  # fmt: skip
NAUGHTY = MARKUP + CODE + CHARACTERS
each_kind = pytest.mark.parametrize("texts", [MARKUP, CODE, CHARACTERS], ids=["markup", "code", "characters"])


@pytest.fixture
def desk(watch, client, make_user, unit, make_submission):
    """One person who may write, edit and keep accounts, and one item.

    The clock stands still: the microseconds of a moment on the page may read like the answer to 7 * 191.
    """
    user = make_user("informant", "signing_leader", "editor", "issuer", "system_admin", unit=unit)
    login(client, user)
    return user, make_submission("received")


def harmless(answer, text=""):
    """The page is a page of ours, with nothing of the text alive in it."""
    asked = f"{answer.request.method} {answer.request.path} with {text!r}"
    assert answer.status_code < 500, asked
    assert "<" not in text or text not in answer.text, asked
    if text in MARKUP:
        assert list(faults_of(answer)) == [], asked
    assert "1337" not in answer.text, asked
    return answer


@each_kind
def test_text_goes_in_and_comes_out_harmless_and_whole(client, desk, unit, texts):
    _, item = desk
    for text in texts:
        typed = {
            "unit_id": unit.id,
            "genre": "brief",
            "urgency": "normal",
            "title": text,
            "body": text,
            "authors": text,
        }
        made = harmless(client.submit("/submissions/new", typed), text)
        if made.status_code == 302:
            kept = db.session.scalars(select(Submission).order_by(Submission.id.desc())).first()
            assert kept.title == clean_line(text)
            assert plain(kept.body) == plain(from_plain(text))
            harmless(client.get(f"/submissions/{kept.id}"), text)
            harmless(client.get(made.location), text)
        else:
            assert len(clean_line(text)) > 100 and text[:100] in made.text
        revision = {**typed, "body_html": text, "note": text, "version": item.version}
        harmless(client.submit(f"/submissions/{item.id}/revise", revision), text)
        harmless(client.submit("/submissions/autosave", {**typed, "body_html": text}), text)
        harmless(client.submit(f"/submissions/{item.id}/move", {"name": text, "reason": text}), text)
        harmless(client.get(f"/submissions/{item.id}"), text)
    harmless(client.get("/submissions/"))


@each_kind
def test_reasons_come_out_harmless(client, desk, make_submission, texts):
    item = make_submission("received")
    for text in texts:
        harmless(client.submit(f"/submissions/{item.id}/move", {"name": "decline", "reason": text}), text)
        harmless(client.get(f"/submissions/{item.id}"), text)
        harmless(client.submit(f"/submissions/{item.id}/move", {"name": "reconsider"}))


@each_kind
def test_names_go_in_and_come_out_harmless(client, desk, unit, texts):
    user, _ = desk
    for text in texts:
        names = {"name": text, "short_name": text, "group": text, "unit_class": text, "head": text}
        names |= {"attributes": f"{text}={text}", "kind": "county", "parent_id": 0, "host_id": 0}
        harmless(client.submit("/units/new", names), text)
        harmless(client.submit(f"/units/{unit.id}", {**names, "version": unit.version}), text)
        harmless(
            client.submit("/users/new", {"login": text, "name": text, "post": text, "expires_on": text}), text
        )
        harmless(
            client.submit(
                f"/users/{user.id}", {"login": "x", "name": text, "post": text, "version": user.version}
            ),
            text,
        )
        harmless(client.submit("/password", {"old": text, "new": text, "again": text}), text)
        for url in (f"/units/{unit.id}", f"/users/{user.id}"):
            harmless(client.get(url), text)
    for url in ("/units", "/users", "/", "/me"):
        harmless(client.get(url))


@each_kind
def test_words_looked_for_come_out_harmless(client, desk, make_user, texts):
    places = [
        ("/submissions/", "text"),
        ("/units", "text"),
        ("/users", "text"),
        ("/documents/", "kind"),
        ("/ranking", "period"),
    ]
    for text in texts:
        for url, name in places:
            harmless(client.get(url, query_string={name: text}), text)
    login(client, make_user("audit_admin"))
    for text in texts:
        harmless(
            client.get("/audit", query_string=dict.fromkeys(("who", "action", "thing", "since"), text)), text
        )


@each_kind
def test_the_door_is_not_impressed(client, texts):
    for text in texts:
        form = {"login": text, "password": text, "next": text, "kept_name": text, "kept_value": text}
        harmless(client.submit("/login", form), text)
        harmless(client.get("/login", query_string={"next": text}), text)
        harmless(client.post("/submissions/new", data={"title": text, "body": text, text: text}), text)


def test_names_that_are_kept_are_one_clean_line(client, desk, make_user):
    for number, text in enumerate(NAUGHTY):
        client.submit("/users/new", {"login": f"user.no{number}", "name": text, "post": text})

    for user in db.session.scalars(select(User)):
        assert user.name == clean_line(user.name) != ""


def test_the_trail_of_all_this_still_holds(client, desk, make_user, unit):
    for text in NAUGHTY[::4]:
        client.submit("/units/new", {"name": text, "kind": "county", "parent_id": 0, "host_id": 0})
        client.submit("/login", {"login": text, "password": "x"})

    assert list(verify()) == []
    assert all(unit.name == clean_line(unit.name) for unit in db.session.scalars(select(Unit)))
    login(client, make_user("audit_admin"))
    harmless(client.get("/audit"))


def test_a_list_of_such_titles_is_found_and_sorted(desk, make_submission):
    user, _ = desk
    for text in CODE:
        make_submission("received", title=text)

    for text in ("%", "_", "'", "\\"):
        found = db.session.execute(
            queries.listing(actor_of(user), queries.Filter(text=text, sort="title"))
        ).all()
        assert found and all(text in row.title for row in found)
