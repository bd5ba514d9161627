"""Putting versions in force and rolling back: by a second person, examined once more, also when the site is broken."""

import json
from datetime import UTC, date, datetime
from types import ModuleType

import pytest
from sqlalchemy import select

from core import clock, facts
from core.accounts import people as accounts
from core.accounts.models import User
from core.app import create_app
from core.audit import AuditRecord
from core.cli import run
from core.config import PROJECT
from core.db import db, transaction
from core.errors import Conflict, InvalidInput, NotFound, PackError, PermissionDenied
from core.facts import NewFact
from core.hookspecs import hookimpl
from core.packs import rollback as way_back
from core.packs import services
from core.permissions import ROLES, Grant
from core.scoring import runs
from core.testing import actor_of, login

SCORING = """\
awards:
  - {{id: bulletin, title: 《每日信息》采用, when: {{fact: adopted, outlet: bulletin}}, points: {{2024-01-01: {points}}}, basis: 办法第三条}}
ranking: {{by: [cumulative], ties: competition}}
"""
TODAY, JANUARY = date(2026, 4, 1), date(2026, 1, 1)
MARCH = "2026-03"


@pytest.fixture
def security(make_user, office):
    return actor_of(make_user("security_admin", office=office, name="吴安全"))


@pytest.fixture
def old(make_pack, office, watch):
    """The version in force since 2024; today is the first of April 2026."""
    watch.set(datetime(2026, 4, 1, 4, tzinfo=UTC))
    return make_pack(office)


@pytest.fixture
def new(old, make_pack):
    return make_pack(version="2.0.0", scoring=SCORING.format(points=8))


@pytest.fixture
def scored(old, make_unit, make_user, office):
    """A county adopted in March."""
    county = make_unit("甲县", group="县区")
    with transaction():
        facts.record(
            actor_of(make_user("editor")),
            NewFact(office.id, "adopted", date(2026, 3, 5), (county.id,), "a:1", title="春耕", attrs={"outlet": "bulletin"}),
        )  # fmt: skip
    return county


def folder_of(found):
    return services.registry().folder / found.ref


def spoil(found, how="change"):
    """As a failing disk or a careless hand would leave it, seen after a restart."""
    folder = folder_of(found)
    if how == "change":
        (folder / "scoring.yaml").write_text("awards: []\n", encoding="utf-8")
    else:
        folder.rename(folder.with_name("lost"))
    services.registry()._loaded.clear()


def last_line():
    db.session.rollback()
    return db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()


def in_force(office, day=TODAY):
    db.session.rollback()
    return services.in_force(office.id, day).version


# ---- activation -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["change", "lose"])
def test_a_version_whose_files_are_spoilt_is_not_put_in_force(security, office, old, new, how):
    spoil(new, how)

    with pytest.raises((PackError, NotFound), match="pack rollback"):
        services.activate(security, office.id, new.id, TODAY)

    assert in_force(office) == "1.0.0"
    assert (last_line().action, last_line().outcome) == ("启用规则包", "未通过")


def test_a_version_that_passes_no_longer_is_not_put_in_force(security, office, old, new):
    registry = services.registry()
    registry.trials = (*registry.trials, lambda pack: [PackError("版式试排不成")])

    with pytest.raises(PackError.__base__, match="版式试排不成"):
        services.activate(security, office.id, new.id, TODAY)

    assert in_force(office) == "1.0.0" and "版式试排不成" in last_line().detail


def test_a_version_of_sections_nobody_reads_any_more_is_not_put_in_force(security, office, old, new):
    registry = services.registry()
    registry.sections = tuple(s for s in registry.sections if s.name != "calendar")

    with pytest.raises(PackError.__base__, match="没有功能读取这个文件"):
        services.activate(security, office.id, new.id, TODAY)

    assert in_force(office) == "1.0.0"


# ---- rollback -------------------------------------------------------------------------------------------------------


def test_an_earlier_version_comes_back_from_a_day_on_with_the_reason_on_record(security, office, old, new):
    services.activate(security, office.id, new.id, JANUARY)

    way_back.rollback(security, office.id, old.id, TODAY, " 新版本分值有误 ")

    assert (in_force(office, date(2026, 3, 31)), in_force(office)) == ("2.0.0", "1.0.0")
    line = last_line()
    assert (line.action, line.outcome, line.actor_id) == ("回退规则包", "成功", security.id)
    assert json.loads(line.detail) == {
        "instead_of": "sample@2.0.0", "reason": "新版本分值有误", "starts_on": "2026-04-01"
    }  # fmt: skip


def test_points_follow_the_rollback_and_closed_periods_do_not(security, office, old, new, scored, make_user):
    services.activate(security, office.id, new.id, JANUARY)
    runs.close(actor_of(make_user("issuer", office=office)), office.id, MARCH)

    way_back.rollback(security, office.id, old.id, JANUARY, "分值有误")

    assert runs.scored(office.id, MARCH).pack_ref == "sample@2.0.0"
    assert runs.scored(office.id, "2026-04").pack_ref == "sample@1.0.0"


def test_what_cannot_be_rolled_back_is_a_sentence(security, office, old, new, make_pack):
    services.activate(security, office.id, new.id, JANUARY)
    never = make_pack(version="3.0.0")

    for version, reason, error, said in (
        (old, " ", InvalidInput, "须说明理由"),
        (new, "x", Conflict, f"自{clock.written(TODAY)}起使用的已是“{new}”"),
        (never, "x", InvalidInput, "没有用过 sample@3.0.0"),
    ):
        with pytest.raises(error, match=said):
            way_back.rollback(security, office.id, version.id, TODAY, reason)
    with pytest.raises(NotFound):
        way_back.rollback(security, office.id, 99_999, TODAY, "x")
    assert in_force(office) == "2.0.0"


@pytest.mark.parametrize("role", [r for r in ROLES if r != "security_admin"])
def test_only_the_security_administrator_rolls_back(security, office, old, new, make_user, role):
    services.activate(security, office.id, new.id, JANUARY)

    with pytest.raises(PermissionDenied):
        way_back.rollback(actor_of(make_user(role, office=office)), office.id, old.id, TODAY, "x")


def test_the_nearest_intact_version_is_the_way_back(office, old, new, make_pack):
    third = make_pack(version="3.0.0")
    for n, version in enumerate((new, third), start=1):
        services.activate(None, office.id, version.id, date(2026, n, 1))

    assert way_back.last_good(office.id, TODAY).version == "2.0.0"
    spoil(new)
    assert way_back.last_good(office.id, TODAY).version == "1.0.0"
    spoil(old)
    with pytest.raises(Conflict, match="从备份恢复"):
        way_back.last_good(office.id, TODAY)


def test_after_a_rollback_the_version_left_behind_is_no_way_back(office, old, new):
    services.activate(None, office.id, new.id, JANUARY)
    way_back.rollback(None, office.id, old.id, TODAY, "x")

    assert way_back.earlier(office.id, TODAY) == []


def test_a_planned_activation_is_called_off_from_its_own_day(security, office, old, new):
    planned = date(2026, 7, 1)
    services.activate(security, office.id, new.id, planned)

    way_back.rollback(security, office.id, old.id, planned, "暂缓执行")

    assert in_force(office, date(2026, 12, 31)) == "1.0.0"


def test_a_spoilt_version_does_not_come_back(security, office, old, new):
    services.activate(security, office.id, new.id, JANUARY)
    spoil(old)

    with pytest.raises(PackError, match="在安装后被改动"):
        way_back.rollback(security, office.id, old.id, TODAY, "x")
    assert in_force(office) == "2.0.0" and last_line().outcome == "未通过"


# ---- pages ----------------------------------------------------------------------------------------------------------


def test_before_an_activation_everything_is_on_one_page(client, make_user, office, old, new, scored):
    login(client, make_user("security_admin", office=office))

    page = client.get(f"/packs/{new.id}/activation?from=2026-03-01").text

    assert "未签名" in page and "个用例全部通过" in page
    assert "与现用版本的不同" in page and "8" in page
    assert "早于今天" in page and "2026年3月" in page and "累计得分也按新版本重算" in page
    assert "试算2026年3月" in page and f'action="/packs/{new.id}/activate"' in page


def test_the_list_says_which_version_is_used_and_activation_from_when(client, make_user, office, old, new):
    login(client, make_user("security_admin", office=office))

    said = client.submit(f"/packs/{new.id}/activate", {"starts_on": "2026-03-02"}, follow_redirects=True).text

    assert f"自2026年3月2日起启用“{new}”" in said
    assert said.count(">现用</span>") == 1
    assert said.index(f">{new.title}</a>") < said.index(">现用</span>")


def test_a_version_already_in_force_on_the_day_is_not_offered(client, make_user, office, old, new):
    services.activate(None, office.id, new.id, date(2026, 3, 2))
    login(client, make_user("security_admin", office=office))
    way = f'action="/packs/{new.id}/activate"'

    same, before = (client.get(f"/packs/{new.id}/activation?from=2026-03-{day}").text for day in ("05", "01"))
    assert "2026年3月5日使用的已是这个版本" in same and way not in same
    assert "使用的已是这个版本" not in before and way in before
    refused = client.submit(f"/packs/{new.id}/activate", {"starts_on": "2026-03-05"})
    assert refused.status_code == 409 and "自2026年3月5日起使用的已是" in refused.text


def test_whoever_installed_a_version_gets_no_button_and_no_way_round(
    client, make_user, office, old, new, security
):
    installer = make_user("system_admin", office=office)
    with transaction():
        new.installer_id = installer.id
    accounts.set_roles(security, installer.id, {Grant("security_admin", office.id)})
    login(client, db.session.get(User, installer.id))

    page = client.get(f"/packs/{new.id}/activation").text
    refused = client.submit(f"/packs/{new.id}/activate", {"starts_on": "2026-04-01"})

    assert "不能由您启用" in page and f'action="/packs/{new.id}/activate"' not in page
    assert refused.status_code == 403 and in_force(office) == "1.0.0"


def test_those_who_only_read_see_no_button(client, make_user, office, old, new):
    for role in ("system_admin", "editor", "issuer"):
        login(client, make_user(role, office=office))

        page = client.get(f"/packs/{new.id}/activation")
        assert page.status_code == 200 and f'action="/packs/{new.id}/activate"' not in page.text
        assert 'id="rollback"' not in client.get("/packs/").text


def test_a_rehearsal_is_asked_for_on_record_and_then_read_page_by_page(
    client, make_user, office, old, new, scored
):
    login(client, make_user("editor", office=office))
    address = f"/packs/{new.id}/rehearsal"

    assert "选择周期" in client.get(f"{address}?period={MARCH}").text
    sent = client.submit(address, {"period": MARCH})
    assert sent.status_code == 302 and last_line().action == "试算规则包"
    page = client.get(sent.location).text
    assert "1 个单位参加排名，1 个得分有变" in page and "sample@2.0.0" in page
    entries = client.get(f"{sent.location}&part=entries&page=99").text
    assert "春耕" in entries and "原：" in entries and "试算：" in entries
    for part in ("words", "tasks", "choices", "papers", "nonsense"):
        assert client.get(f"{sent.location}&part={part}").status_code == 200
    assert client.get(f"/packs/{new.id}/rehearsal/{MARCH}/none/new.pdf").status_code == 404
    assert client.get(f"/packs/{new.id}/rehearsal/2026-02/none/new.pdf").status_code == 302
    assert client.get(f"/packs/{new.id}/rehearsal/{MARCH}/none").status_code == 404
    assert client.get(f"/packs/{new.id}/rehearsal/2026-02/none").status_code == 302
    assert client.get(f"/packs/{new.id}/rehearsal/2026-02/none/new/1.png").status_code == 404


def test_the_site_says_a_version_is_spoilt_and_the_page_rolls_back(
    client, make_user, office, old, new, scored, security
):
    services.activate(security, office.id, new.id, JANUARY)
    editor, admin = make_user("editor", office=office), make_user("security_admin", office=office)
    spoil(new)

    login(client, editor)
    broken = client.get(f"/ranking?period={MARCH}")
    assert (
        broken.status_code == 400
        and "sample@2.0.0 的文件在安装后被改动" in broken.text
        and "回退" in broken.text
    )
    login(client, admin)
    page = client.get("/packs/").text
    assert "文件损坏或缺失，不能使用" in page and 'id="rollback"' in page
    assert "不能启用" in client.get(f"/packs/{new.id}/activation").text
    form = {"version_id": old.id, "starts_on": "2026-01-01", "reason": "文件损坏"}
    assert client.submit("/packs/rollback", {**form, "starts_on": ""}).status_code == 400
    assert client.submit("/packs/rollback", form).status_code == 302
    assert "文件损坏或缺失" not in client.get("/packs/").text
    login(client, editor)
    assert client.get(f"/ranking?period={MARCH}").status_code == 200


# ---- command line ---------------------------------------------------------------------------------------------------


@pytest.fixture
def yaoqing(app, monkeypatch, capsys):
    """Run `yaoqing pack …` as a person at the machine; gives exit code, output, errors."""
    monkeypatch.setenv("YAOQING_DATA", str(app.config["YAOQING"]["DATA"]))
    monkeypatch.setenv("YAOQING_PLUGINS_OFF", ",".join(path.name for path in (PROJECT / "plugins").iterdir()))

    def command(*words, extra=()):
        try:
            code = run(["pack", *words], extra_plugins=extra)
        except SystemExit as done:
            code = done.code
        db.session.rollback()
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def broken_plugin():
    """A plugin that keeps the application from starting."""
    module = ModuleType("broken")

    def permissions():
        raise RuntimeError("插件文件残缺")

    module.permissions = hookimpl(permissions)
    return module


@pytest.mark.parametrize("how", ["change", "lose"])
def test_the_command_line_rolls_back_a_spoilt_version(yaoqing, office, new, how, scored):
    services.activate(None, office.id, new.id, JANUARY)
    spoil(new, how)

    code, out, _ = yaoqing("rollback", "--reason", "文件损坏", "--from", "2026-01-01")

    assert code == 0 and "换回 sample@1.0.0" in out
    assert in_force(office) == "1.0.0" and last_line().action == "回退规则包"
    assert runs.scored(office.id, MARCH).pack_ref == "sample@1.0.0"


def test_the_command_line_rolls_back_when_a_plugin_keeps_everything_else_from_starting(
    yaoqing, office, old, new, app
):
    services.activate(None, office.id, new.id, JANUARY)
    spoil(new)
    with pytest.raises(RuntimeError):
        create_app(
            {"DATA": app.config["YAOQING"]["DATA"]}, plugin_package="", extra_plugins=[broken_plugin()]
        )
    with pytest.raises(RuntimeError):
        yaoqing("list", extra=[broken_plugin()])

    code, out, err = yaoqing(
        "rollback", "--reason", "网页打不开", "--to", "sample@1.0.0", extra=[broken_plugin()]
    )

    assert code == 0 and "换回 sample@1.0.0" in out
    assert "程序没有完整启动：插件文件残缺" in err and "只核对了规则包文件" in err
    assert in_force(office) == "1.0.0" and "网页打不开" in last_line().detail


def test_the_command_line_answers_machines(yaoqing, office, old, new, scored):
    told = json.loads(yaoqing("rehearse", "sample@2.0.0", "--period", MARCH, "--json")[1])
    assert told["ok"] and told["new"] == "sample@2.0.0" and told["entries"][0]["old"] == "5"

    with transaction():
        new.installer_id = None
    db.session.commit()
    services.activate(None, office.id, new.id, JANUARY)
    told = json.loads(yaoqing("rollback", "--reason", "x", "--json")[1])
    assert (told["ok"], told["pack"], told["checked"]) == (True, "sample@1.0.0", "all")
    assert [a["pack"] for a in json.loads(yaoqing("active", "--json")[1])][0] == "sample@1.0.0"
    assert {p["version"] for p in json.loads(yaoqing("list", "--json")[1])} == {"1.0.0", "2.0.0"}
    code, out, _ = yaoqing("rollback", "--reason", "x", "--json")
    assert code == 1 and "没有可以回退的版本" in json.loads(out)["message"]


def test_a_rehearsal_reads_well_at_the_command_line(yaoqing, office, new, scored):
    code, out, _ = yaoqing("rehearse", "sample@2.0.0", "--period", MARCH)

    assert code == 0 and "1 个得分有变" in out and "春耕：5 → 8" in out


def test_the_machine_activates_what_it_installed_only_as_an_offices_first(
    yaoqing, make_office, make_pack, office
):
    first = make_pack()
    other = make_office("yi")

    code, out, err = yaoqing("activate", first.ref, "--from", "2026-01-01", "--office", office.key)
    assert code == 0 and "起使用 sample@1.0.0" in out
    second = make_pack(version="2.0.0")
    code, out, err = yaoqing("activate", second.ref, "--from", "2026-02-01", "--office", office.key)
    assert code == 1 and "两人分别办理" in err and in_force(office) == "1.0.0"
    code, out, err = yaoqing("activate", second.ref, "--from", "2026-02-01", "--office", other.key, "--json")
    assert code == 0 and json.loads(out)["pack"] == "sample@2.0.0"


def test_the_machine_activates_what_an_administrator_installed_and_warns(
    yaoqing, make_user, office, old, new, scored
):
    with transaction():
        new.installer_id = make_user("system_admin", office=office).id

    code, _, err = yaoqing("activate", new.ref, "--from", "2026-03-01")

    assert code == 0 and "没有结账，将按新版本重新计分" in err and in_force(office) == "2.0.0"
