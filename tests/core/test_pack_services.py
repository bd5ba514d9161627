"""Rule packs of an installation: installed once, never changed, activated by somebody else."""

from datetime import date

import pytest

from core import clock
from core.accounts import people
from core.accounts.models import User
from core.db import db
from core.errors import Conflict, Findings, NotFound, PackError, PermissionDenied
from core.packs import services
from core.permissions import ROLES, Grant
from core.testing import actor_of

MANIFEST = "id: sample\nversion: {}\ntitle: 示例规则\nissuer: 示例市人民政府办公室\n"
DAY = date(2026, 1, 1)


@pytest.fixture
def system(make_user):
    return actor_of(make_user("system_admin", name="周系统"))


@pytest.fixture
def security(make_user):
    return actor_of(make_user("security_admin", name="吴安全"))


@pytest.fixture
def source(tmp_path, app):
    """Write a pack's folder."""

    def write(version="1.0.0", **sections):
        folder = tmp_path / f"source-{version}"
        folder.mkdir(exist_ok=True)
        needed = {s.name: s.sample for s in services.registry().sections if s.required}
        for name, content in {"pack": MANIFEST.format(version), **needed, **sections}.items():
            (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
        return folder

    return write


def kept_in(app, ref="sample@1.0.0"):
    return app.config["YAOQING"]["DATA"] / "packs" / ref


def test_an_installed_pack_is_kept_unchanged_with_who_and_when(app, system, source, watch):
    found, results = services.install(system, source())

    assert (found.ref, found.installed_by, found.installer_id, found.installed_at) == (
        "sample@1.0.0", "周系统", system.id, watch.instant,
    )  # fmt: skip
    assert results == []
    assert services.load(found).manifest.title == "示例规则"
    assert (kept_in(app) / "pack.yaml").is_file()


def test_the_same_version_may_come_again_but_not_with_other_content(app, system, source):
    first, _ = services.install(system, source())

    assert services.install(None, source())[0].id == first.id
    with pytest.raises(Conflict, match="内容却不同"):
        services.install(system, source(calendar="year_starts: 4\npublish: month\n"))
    assert services.load(first).digest == first.digest
    assert (
        services.install(system, source("1.0.1", calendar="year_starts: 4\npublish: month\n"))[0].id
        != first.id
    )


def test_a_faulty_pack_is_refused_whole(app, system, source):
    with pytest.raises(Findings, match="未通过|未能|共"):
        services.install(system, source(scoring="awards: [{id: x}]\n"))

    assert services.versions() == [] and not kept_in(app).exists()


@pytest.mark.parametrize("role", [r for r in ROLES if r != "system_admin"])
def test_only_the_system_administrator_installs(make_user, source, role):
    with pytest.raises(PermissionDenied):
        services.install(actor_of(make_user(role)), source())


@pytest.mark.parametrize("role", [r for r in ROLES if r != "security_admin"])
def test_only_the_security_administrator_activates(make_user, make_pack, office, role):
    version = make_pack()

    with pytest.raises(PermissionDenied):
        services.activate(actor_of(make_user(role)), office.id, version.id, DAY)


def test_whoever_installed_a_pack_does_not_activate_it(system, security, source, office):
    version, _ = services.install(system, source())
    people.set_roles(security, system.id, {Grant("security_admin", office.id)})
    changed_sides = actor_of(db.session.get(User, system.id))

    with pytest.raises(PermissionDenied, match="两人分别办理"):
        services.activate(changed_sides, office.id, version.id, DAY)
    services.activate(security, office.id, version.id, DAY)


def test_an_administrator_activates_for_his_own_office_only(security, make_pack, make_office):
    with pytest.raises(PermissionDenied):
        services.activate(security, make_office().id, make_pack().id, DAY)


@pytest.mark.parametrize("missing", ["office", "version"])
def test_what_does_not_exist_is_not_activated(make_pack, office, missing):
    version = make_pack()
    ids = (99_999, version.id) if missing == "office" else (office.id, 99_999)

    with pytest.raises(NotFound):
        services.activate(None, *ids, DAY)


def test_each_day_has_the_version_activated_last_for_it(make_pack, office, make_office):
    old, new = make_pack(version="1.0.0"), make_pack(version="2.0.0")
    services.activate(None, office.id, old.id, date(2025, 1, 1))
    services.activate(None, office.id, new.id, date(2026, 1, 1))

    assert services.in_force(office.id, date(2025, 12, 31)).id == old.id
    assert services.in_force(office.id, date(2026, 1, 1)).id == new.id
    services.activate(None, office.id, old.id, date(2026, 1, 1))  # back again
    assert services.in_force(office.id, date(2026, 1, 1)).id == old.id
    for nothing in ((office.id, date(2024, 12, 31)), (make_office().id, date(2026, 1, 1))):
        with pytest.raises(NotFound, match="还没有启用规则包"):
            services.in_force(*nothing)


def test_the_version_in_force_is_activated_only_for_days_that_have_another(security, make_pack, office):
    old, new = make_pack(version="1.0.0"), make_pack(version="2.0.0")
    services.activate(None, office.id, old.id, date(2025, 1, 1))
    services.activate(None, office.id, new.id, date(2026, 1, 1))
    services.activate(None, office.id, old.id, date(2026, 7, 1))

    for version, day in ((old, date(2025, 6, 1)), (new, date(2026, 1, 1)), (new, date(2026, 6, 30))):
        with pytest.raises(Conflict, match=f"自{clock.written(day)}起使用的已是“{version}”"):
            services.activate(security, office.id, version.id, day)
    assert len(services.activations(office.id)) == 3

    services.activate(security, office.id, new.id, date(2025, 12, 1))  # earlier than before
    services.activate(security, office.id, new.id, date(2026, 7, 1))  # instead of what was planned
    assert services.in_force(office.id, date(2025, 12, 31)).id == new.id
    assert services.in_force(office.id, date(2026, 12, 31)).id == new.id


@pytest.mark.parametrize("tamper", ["change", "remove", "add"])
def test_files_changed_after_the_installation_are_not_used(app, make_pack, tamper):
    version = make_pack()
    services.registry()._loaded.clear()  # as after a restart
    folder = kept_in(app)
    if tamper == "change":
        (folder / "scoring.yaml").write_text(
            (folder / "scoring.yaml").read_text(encoding="utf-8") + "\n", encoding="utf-8"
        )
    elif tamper == "remove":
        (folder / "calendar.yaml").unlink()
    else:
        (folder / "tests").mkdir()
        (folder / "tests" / "extra.yaml").write_text("", encoding="utf-8")

    with pytest.raises(PackError, match="在安装后被改动"):
        services.load(version)


def test_files_that_are_gone_are_a_clear_message(app, make_pack):
    version = make_pack()
    services.registry()._loaded.clear()
    kept_in(app).rename(kept_in(app).with_name("moved"))

    with pytest.raises(NotFound, match="从备份恢复"):
        services.load(version)


def test_a_tampered_pack_can_be_installed_anew(app, make_pack, source):
    version = make_pack()
    services.registry()._loaded.clear()
    (kept_in(app) / "calendar.yaml").unlink()

    services.install(None, source())

    assert services.load(version).digest == version.digest


def test_a_version_is_found_by_its_name(make_pack):
    make_pack(version="1.0.0")
    newest = make_pack(version="1.1.0")

    assert services.by_ref("sample").id == newest.id
    assert services.by_ref("sample@1.0.0").version == "1.0.0"
    for wrong in ("sample@9", "other", "", "sample@1.0.0@"):
        with pytest.raises(NotFound, match="已安装：sample@"):
            services.by_ref(wrong)
