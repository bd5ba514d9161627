"""Packs between versions: compared, edited, merged and confirmed by service, page and command line."""

import io
import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from core.audit import AuditRecord
from core.cli import run
from core.db import db
from core.errors import Conflict, Findings, InvalidInput, NotFound, PackError, PermissionDenied
from core.packs import confirming, keyring, life, services
from core.packs.editing.merging import OURS, TEXT, Choice
from core.packs.files.archive import packed
from core.packs.files.keys import new_key
from core.packs.files.listing import listing_of
from core.packs.files.signing import sign
from core.packs.models import PackConfirmation
from core.packs.parcels import Upload
from core.permissions import ROLES
from core.scoring.rules.schema import SAMPLE
from core.testing import actor_of, login

POINTS = "scoring.yaml/awards/bulletin/points"
VALUE = f"{POINTS}/2024-01-01"
SINCE = date(2026, 3, 1)
LATER = datetime(2026, 2, 1, 2, tzinfo=UTC)
MANIFEST = "id: {}\nversion: {}\ntitle: 示例规则\nissuer: 示例市人民政府办公室\n"
PAPERS = "sources:\n  - {id: rules, title: 计分办法, number: 某政办〔2024〕5号, confirmed: 2024-01-01, covers: [scoring.awards]}\n"
EXAMPLE = """\
units: {甲县: {group: 县区}}
examples:
  - name: 采用得五分
    facts:
      - {fact: adopted, outlet: bulletin, units: [甲县], on: 2026-05-06}
    points: {甲县: 5}
"""


@pytest.fixture
def people(make_user):
    return {role: make_user(role) for role in ("system_admin", "security_admin", "editor")}


@pytest.fixture
def system(people):
    return actor_of(people["system_admin"])


@pytest.fixture
def bring(app, tmp_path):
    """Install a version from texts; sections not named are the samples."""

    def make(pack="sample", version="1.0.0", manifest="", points=5, example="", key=None, **texts):
        scoring = SAMPLE.replace("2024-01-01: 5", f"2024-01-01: {points}")
        needed = {s.name: s.sample for s in services.registry().sections if s.required}
        files = {f"{name}.yaml": text for name, text in {**needed, "scoring": scoring, **texts}.items()}
        files["pack.yaml"] = MANIFEST.format(pack, version) + manifest
        if example:
            files["tests/a.yaml"] = example
        raw = {name: text.encode() for name, text in files.items()}
        if key:
            listing = listing_of(pack, version, raw).encoded()
            content = packed(raw, listing, sign(key, listing, services.clock.now()).encoded())
            return services.install(None, _archive(tmp_path, pack, version, content))[0]
        folder = tmp_path / f"{pack}@{version}"
        for name, content in raw.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return services.install(None, folder)[0]

    return make


def _archive(folder, pack, version, content):
    path = folder / f"{pack}-{version}.yqpack"
    path.write_bytes(content)
    return path


def text_of(version, name):
    return services.load(version).files[name].decode()


def last_record():
    return db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()


# ---- common values --------------------------------------------------------------------------------------------------


def test_a_changed_value_becomes_a_new_version_with_an_entry_in_the_log(system, bring):
    old = bring()

    made = life.revise(system, old.id, {POINTS: "6"}, SINCE, "某政办〔2026〕1号", edition=False)

    assert (made.ref, made.installer_id) == ("sample@1.1.0", system.id)
    assert "points: {2024-01-01: 5, 2026-03-01: 6}" in text_of(made, "scoring.yaml")
    assert text_of(made, "CHANGELOG.md") == (
        "# 变更记录\n\n## 1.1.0\n\n- 计分项：自2026年3月起，《每日信息》采用由5分调为6分。\n- 依据：某政办〔2026〕1号。\n"
    )
    assert services.load(old).manifest.version == "1.0.0"
    assert (last_record().action, last_record().thing) == ("安装规则包", str(made))


def test_whoever_changed_a_value_does_not_activate_it(system, bring, office, make_user):
    made = life.revise(system, bring().id, {POINTS: "6"}, SINCE, "", edition=False)

    with pytest.raises(PermissionDenied):
        services.activate(system, office.id, made.id, SINCE)


def test_a_value_that_breaks_an_example_is_refused_with_the_report(system, bring):
    old = bring(example=EXAMPLE)

    with pytest.raises(Findings, match="用例未全部通过") as found:
        life.revise(system, old.id, {POINTS: "6"}, SINCE, "", edition=False)

    assert "采用得五分" in str(found.value) and len(services.versions()) == 1


def test_a_signed_pack_goes_on_as_a_local_edition(system, bring):
    key = new_key("示例省政府办公厅")
    keyring.trust(None, key.public.line())
    old = bring(key=key)

    made = life.revise(system, old.id, {POINTS: "6"}, SINCE, "", edition=False)

    assert made.ref == "sample-local@1.1.0" and made.signature is None
    assert services.load(made).manifest.derived_from == "sample@1.0.0"
    assert "sample@1.0.0" in last_record().detail
    assert (
        life.revise(system, made.id, {POINTS: "7"}, date(2027, 1, 1), "", edition=True).ref
        == "sample-local@1.2.0"
    )


def test_numbers_of_versions_are_never_used_twice(system, bring):
    old = bring()
    for n, number in enumerate(("1.1.0", "1.2.0"), 6):
        assert life.revise(system, old.id, {POINTS: str(n)}, SINCE, "", edition=False).version == number


@pytest.mark.parametrize("role", [role for role in ROLES if role != "system_admin"])
def test_only_the_system_administrator_edits_and_merges(make_user, bring, role):
    actor, old = actor_of(make_user(role)), bring()

    with pytest.raises(PermissionDenied):
        life.revise(actor, old.id, {POINTS: "6"}, SINCE, "", edition=False)
    with pytest.raises(PermissionDenied):
        life.carry_over(actor, old.id, old.id, {})
    with pytest.raises(PermissionDenied):
        confirming.confirm(actor, old, "rules")


def test_nothing_changed_is_no_new_version(system, bring):
    with pytest.raises(InvalidInput, match="没有改动"):
        life.revise(system, bring().id, {POINTS: ""}, SINCE, "", edition=False)


# ---- merging --------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(bring):
    """Delivered, local and newly delivered versions that all say something else."""
    base = bring()
    ours = bring(
        "sample-local",
        "1.1.0",
        "derived_from: sample@1.0.0\n",
        points=6,
        units="# 本地\ngroups: [县区, 部门]\n",
    )
    theirs = bring("sample", "2.0.0", points=7, calendar="year_starts: 4\npublish: month\n")
    return base, ours, theirs


def test_local_changes_survive_an_update(system, three):
    _, ours, theirs = three

    with pytest.raises(Conflict, match="没有选定"):
        life.carry_over(system, ours.id, theirs.id, {})
    made = life.carry_over(system, ours.id, theirs.id, {VALUE: Choice(OURS)})

    pack = services.load(made)
    assert (made.ref, pack.manifest.derived_from) == ("sample-local@1.2.0", "sample@2.0.0")
    assert "2024-01-01: 6" in text_of(made, "scoring.yaml")
    assert text_of(made, "units.yaml").startswith("# 本地\n") and "year_starts: 4" in text_of(
        made, "calendar.yaml"
    )
    assert "并入新版 sample@2.0.0" in text_of(made, "CHANGELOG.md")


def test_without_a_known_base_nothing_is_merged(system, bring):
    ours, theirs = bring("sample-local", "1.1.0", "derived_from: sample@1.0.0\n"), bring("sample", "2.0.0")

    with pytest.raises(NotFound, match="找不到本地修改所依据的版本"):
        life.merged_with(ours, theirs, {})
    with pytest.raises(Conflict, match="就是本地修改所依据"):
        life.merged_with(ours, theirs, {}, theirs)


def test_whole_files_are_not_written_by_hand_where_signatures_are_needed(system, bring, app):
    base = bring(example=EXAMPLE)
    ours = bring("sample-local", "1.1.0", "derived_from: sample@1.0.0\n")
    theirs = bring("sample", "2.0.0", example=EXAMPLE.replace("采用得五分", "五分"))
    choices = {"tests/a.yaml": Choice(TEXT, EXAMPLE)}

    assert life.base_of(ours).id == base.id
    with pytest.raises(InvalidInput, match="不能在页面上改写"):
        life.carry_over(system, ours.id, theirs.id, choices)
    app.config["YAOQING"]["PACK_SIGNATURES"] = "允许未签名"
    assert life.carry_over(system, ours.id, theirs.id, choices).ref == "sample-local@1.2.0"


# ---- papers ---------------------------------------------------------------------------------------------------------


def test_an_overdue_paper_is_listed_until_somebody_confirms_it(system, bring, office, watch):
    found = bring(manifest=PAPERS)
    services.activate(None, office.id, found.id, date(2024, 1, 1))
    watch.set(LATER)

    assert [(p.standing.source.id, p.about) for p in confirming.overdue(office.id)] == [("rules", "计分项")]
    assert confirming.overdue_in_force(office.id) == 1
    row = confirming.confirm(system, found, "rules", "电话核实")
    assert (row.confirmed_on, row.confirmed_by, row.note) == (date(2026, 2, 1), system.name, "电话核实")
    assert confirming.overdue(office.id) == [] and confirming.overdue_in_force(office.id) == 0
    assert (last_record().action, "计分办法" in last_record().detail) == ("确认依据文件有效", True)
    newer = bring(version="1.1.0", manifest=PAPERS)
    assert not confirming.papers(newer)[0].standing.overdue


def test_a_pack_that_names_no_papers_says_nothing(bring, office):
    assert confirming.overdue_in_force(office.id) is None
    services.activate(None, office.id, bring().id, date(2024, 1, 1))
    assert confirming.overdue_in_force(office.id) is None and confirming.overdue(office.id) == []


def test_only_papers_that_are_named_are_confirmed(system, bring):
    with pytest.raises(NotFound, match="没有这份依据文件"):
        confirming.confirm(system, bring(manifest=PAPERS), "other")
    assert db.session.scalars(select(PackConfirmation)).all() == []


# ---- pages ----------------------------------------------------------------------------------------------------------


def test_the_page_tells_the_difference_of_two_versions_and_of_a_file(client, people, three):
    base, ours, theirs = three
    login(client, people["editor"])

    page = client.get(f"/packs/diff?old={base.id}&new={theirs.id}").text
    assert "“《每日信息》采用”的分值：原定自2024年起为5分，现改为7分" in page
    files = services.load(ours).files
    archive = packed(files, listing_of("sample-local", "1.1.0", files).encoded())
    answer = client.submit("/packs/diff", {"old": base.id, "archive": (io.BytesIO(archive), "a.yqpack")})
    assert "现改为6分" in answer.text and "没有安装" in answer.text
    broken = client.submit("/packs/diff", {"old": base.id, "archive": (io.BytesIO(b"x"), "a.yqpack")})
    assert broken.status_code == 400 and "文件不能比较" in broken.text
    assert "完全相同" in client.get(f"/packs/diff?old={base.id}&new={base.id}").text
    assert client.get(f"/packs/diff?old={base.id}&new=9999").status_code == 404


def test_values_are_previewed_saved_and_refused_on_their_page(client, people, bring):
    old = bring(example=EXAMPLE)
    login(client, people["system_admin"])
    url = f"/packs/{old.id}/edit"

    assert "现为：自2024年起5分" in client.get(url).text
    seen = client.submit(url, {POINTS: "6", "since": "2026-06-01", "action": "preview"})
    assert "自2026年6月起，《每日信息》采用由5分调为6分" in seen.text and len(services.versions()) == 1
    wrong = client.submit(url, {POINTS: "六", "since": "2026-06-01"})
    assert wrong.status_code == 400 and "应为数值" in wrong.text and 'value="六"' in wrong.text
    below = client.submit(url, {"scoring.yaml/printing/places": "-3"}).text
    assert "填写的内容有误" in below and "分值印法 小数位数：应" in below and "scoring.yaml 第" not in below
    red = client.submit(url, {POINTS: "6", "since": "2026-03-01"})
    assert red.status_code == 400 and "采用得五分" in red.text
    assert "应为日期" in client.submit(url, {POINTS: "6", "since": "x"}).text
    saved = client.submit(url, {POINTS: "6", "since": "2026-06-01", "action": "file"})
    assert saved.data.startswith(b"PK") and len(services.versions()) == 1
    done = client.submit(url, {POINTS: "6", "since": "2026-06-01", "edition": "1"}, follow_redirects=True)
    assert "sample-local@1.1.0" in done.text and "本地版" in done.text


def test_conflicts_are_decided_on_their_page(client, people, three):
    _, ours, theirs = three
    login(client, people["system_admin"])
    url = f"/packs/{ours.id}/merge"

    page = client.get(f"{url}?theirs={theirs.id}").text
    assert (
        "计分项“《每日信息》采用”的分值（自2024年起）" in page
        and "保留本地：6分" in page
        and "采用新版：7分" in page
    )
    undecided = client.submit(url, {"theirs": theirs.id})
    assert undecided.status_code == 409 and "没有选定" in undecided.text
    chosen = {"theirs": theirs.id, f"take:{VALUE}": "text", f"text:{VALUE}": "6.5"}
    assert "将装为" in client.submit(url, {**chosen, "action": "preview"}).text
    bad = client.submit(url, {**chosen, f"text:{VALUE}": "很多"})
    assert bad.status_code == 400 and "应为数值" in bad.text
    client.submit(url, chosen)
    assert "2024-01-01: 6.5" in text_of(services.by_ref("sample-local@1.2.0"), "scoring.yaml")


def test_overdue_papers_are_on_the_packs_page_and_the_home_page(client, people, bring, office, watch):
    found = bring(manifest=PAPERS)
    services.activate(None, office.id, found.id, date(2024, 1, 1))
    watch.set(LATER)
    login(client, people["editor"])
    assert "需要核对" in client.get("/packs/").text and "待核对的依据文件" not in client.get("/").text
    assert "确认有效" not in client.get(f"/packs/{found.id}").text

    login(client, people["system_admin"])
    assert "待核对的依据文件" in client.get("/").text
    assert "确认有效" in client.get(f"/packs/{found.id}").text
    client.submit(f"/packs/{found.id}/confirm", {"source": "rules"})
    assert "需要核对" not in client.get("/packs/").text


# ---- command line ---------------------------------------------------------------------------------------------------


@pytest.fixture
def cli(app, monkeypatch, capsys):
    monkeypatch.setattr("core.cli.main.create_app", lambda **_: app)

    def call(*words):
        try:
            code = run(["pack", *(str(word) for word in words)])
        except SystemExit as stopped:
            code = stopped.code
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def test_differences_are_told_by_the_command(cli, three, tmp_path):
    code, said = cli("diff", "sample@1.0.0", "sample@2.0.0", "--lines")
    assert code == 0 and "[改动原值] “《每日信息》采用”的分值" in said and "  - year_starts: 1" in said
    code, said = cli("diff", tmp_path / "sample@1.0.0", "sample@1.0.0")
    assert "完全相同" in said
    report = json.loads(cli("diff", "sample@1.0.0", "sample@2.0.0", "--json")[1])
    assert report["groups"][0]["title"] == "考核周期"


def test_merging_by_command_lists_conflicts_and_writes_a_folder(cli, three, tmp_path):
    code, said = cli("merge", "sample-local", "sample@2.0.0")
    assert code == 1 and "1. 计分项" in said and "未选定" in said
    assert json.loads(cli("merge", "sample-local", "sample@2.0.0", "--json")[1])["ok"] is False
    for word in ("2=本地", "1=x", "x"):
        assert "选择写法不对" in cli("merge", "sample-local", "sample@2.0.0", "--choose", word)[1]
    out = tmp_path / "out"
    code, said = cli("merge", "sample-local", "sample@2.0.0", "--choose", "1:6.5", "--out", out)
    assert code == 0 and "全部通过" in said
    assert "2024-01-01: 6.5" in (out / "scoring.yaml").read_text(encoding="utf-8")
    assert "目录不是空的" in cli("merge", "sample-local", "sample@2.0.0", "--all", "新版", "--out", out)[1]


def test_papers_are_listed_confirmed_and_warned_about(cli, bring, tmp_path, watch):
    bring(manifest=PAPERS)
    watch.set(LATER)

    assert "2026-01-01 起应再核对" in cli("check", tmp_path / "sample@1.0.0")[1]
    assert "需要核对" in cli("sources", "sample")[1]
    assert "仍然有效" in cli("confirm", "sample", "rules", "--note", "电话核实")[1]
    assert "需要核对" not in cli("sources", "sample")[1]


def test_a_file_is_no_folder_and_no_version(cli, three):
    with pytest.raises(PackError):
        life.looked_into(Upload("x", b"x"))
    assert "没有安装规则包" in cli("diff", "nothing", "sample")[1]
