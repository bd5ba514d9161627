"""Signed packs come in by service, page and command line; trust keys are kept by the security administrator."""

import io
import json
import re
import stat
from datetime import date

import pytest
from sqlalchemy import select

from core import clock
from core.audit import AuditRecord
from core.cli import run
from core.config import PROJECT
from core.db import db
from core.errors import Conflict, InvalidInput, NotFound, PackError, PermissionDenied
from core.packs import keyring, services
from core.packs.files.archive import packed
from core.packs.files.keys import key_file, new_key, spaced
from core.packs.files.listing import listing_of
from core.packs.files.signing import sign
from core.packs.parcels import Upload
from core.packs.standing import exported, standing
from core.packs.starter import starter
from core.packs.trust import State
from core.permissions import ROLES
from core.testing import actor_of, login

OURS, NEW, STRANGER = new_key("示例省政府办公厅"), new_key("示例省政府办公厅"), new_key("生人")


@pytest.fixture
def people(make_user):
    return {role: make_user(role) for role in ("system_admin", "security_admin", "editor")}


@pytest.fixture
def system(people):
    return actor_of(people["system_admin"])


@pytest.fixture
def security(people):
    return actor_of(people["security_admin"])


@pytest.fixture
def make_file(app):
    """A pack file of a version, signed by a key or by nobody."""

    def make(version="0.1.0", key=None, readme="说明\n"):
        files = starter("good", "示例办法", "示例市人民政府办公室", services.registry().sections)
        text = files["pack.yaml"].decode().replace("0.1.0", version)
        files |= {"pack.yaml": text.encode(), "README.md": readme.encode()}
        listing = listing_of("good", version, files).encoded()
        return packed(files, listing, sign(key, listing, clock.now()).encoded() if key else None)

    return make


@pytest.fixture
def bring(system, make_file):
    """Upload a version."""
    return lambda *args, **values: services.install(
        system, Upload("good.yqpack", make_file(*args, **values))
    )[0]


def state(found):
    return standing(found, services.registry().folder)


def last_record():
    return db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()


# ---- keys -----------------------------------------------------------------------------------------------------------


def test_a_key_is_trusted_and_revoked_with_a_line_each(security, watch):
    found = keyring.trust(security, OURS.public.line(), holder="经核实的省政府办公厅")

    assert (found.added_by, found.added_at) == (security.name, watch.instant)
    assert keyring.keys()[OURS.public.id].key.holder == "经核实的省政府办公厅"
    assert (last_record().action, last_record().thing) == ("添加可信密钥", OURS.public.id)

    keyring.revoke(security, spaced(OURS.public.id).upper(), "私钥遗失")
    assert keyring.keys()[OURS.public.id].revoked
    assert (last_record().action, "私钥遗失" in last_record().detail) == ("撤销可信密钥", True)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "security_admin"])
def test_only_the_security_administrator_says_who_is_trusted(make_user, role):
    actor = actor_of(make_user(role))

    with pytest.raises(PermissionDenied):
        keyring.trust(actor, OURS.public.line())
    with pytest.raises(PermissionDenied):
        keyring.revoke(actor, OURS.public.id, "x")


def test_what_cannot_be_done_with_keys(security):
    keyring.trust(security, OURS.public.line())

    with pytest.raises(Conflict, match="已在可信之列"):
        keyring.trust(security, OURS.public.line())
    with pytest.raises(InvalidInput, match="接替自己"):
        keyring.trust(security, NEW.public.line(), replaces=NEW.public.id)
    with pytest.raises(InvalidInput, match="原因"):
        keyring.revoke(security, OURS.public.id, " ")
    with pytest.raises(NotFound):
        keyring.revoke(security, NEW.public.id, "x")
    with pytest.raises(InvalidInput, match="编号写法"):
        keyring.revoke(security, "../x", "x")
    keyring.revoke(security, OURS.public.id, "遗失")
    with pytest.raises(Conflict, match="已经撤销"):
        keyring.revoke(security, OURS.public.id, "再次")
    with pytest.raises(Conflict, match="不能再添加"):
        keyring.trust(security, OURS.public.line())


# ---- what comes in --------------------------------------------------------------------------------------------------


def test_a_pack_signed_by_a_trusted_key_comes_in_and_says_so(security, bring):
    keyring.trust(security, OURS.public.line())

    found = bring(key=OURS)

    assert (state(found).state, state(found).signer) == (State.TRUSTED, "示例省政府办公厅")
    assert (last_record().action, OURS.public.id in last_record().detail) == ("安装规则包", True)


@pytest.mark.parametrize(
    ("policy", "accepted"),
    [("只收可信", "trusted"), ("允许未知", "trusted stranger"), ("允许未签名", "trusted stranger nobody")],
)
def test_the_installation_says_what_it_accepts(app, security, bring, policy, accepted):
    app.config["YAOQING"]["PACK_SIGNATURES"] = policy
    keyring.trust(security, OURS.public.line())

    for word, key in {"trusted": OURS, "stranger": STRANGER, "nobody": None}.items():
        db.session.rollback()
        if word in accepted:
            continue
        with pytest.raises(PackError, match=f"本系统设为“{policy}”"):
            bring(key=key)
    assert bring(key={"trusted": OURS, "stranger": STRANGER, "nobody": None}[accepted.split()[-1]])


def test_a_folder_at_the_machine_needs_no_signature(make_pack):
    assert state(make_pack()).state is State.UNSIGNED


@pytest.mark.postgres
def test_what_does_not_continue_the_installed_one_is_refused_and_the_last_good_one_stays(
    app, security, bring, office
):
    app.config["YAOQING"]["PACK_SIGNATURES"] = "允许未签名"
    keyring.trust(security, OURS.public.line())
    keyring.trust(security, STRANGER.public.line())
    first, second = bring("1.0.0", OURS), bring("2.0.0", OURS)
    services.activate(security, office.id, second.id, date(2026, 1, 1))

    for version, key, why in (
        ("2.1.0", None, "签名被去掉"), ("2.1.0", STRANGER, "换了签名人"), ("1.5.0", OURS, "比已安装的旧"),
        ("2.0.0", None, "签名被去掉"), ("2.0.0", STRANGER, "换了签名人"),
    ):  # fmt: skip
        with pytest.raises(PackError, match=why):
            bring(version, key)
        assert last_record().outcome == "未通过"
    with pytest.raises(Conflict, match="内容却不同"):
        bring("2.0.0", OURS, readme="别的\n")

    assert [v.ref for v in services.versions()] == ["good@2.0.0", "good@1.0.0"]
    assert services.in_force(office.id, date(2026, 2, 1)).id == second.id
    assert bring("1.0.0", OURS).id == first.id  # a version that is here may come again


def test_a_folder_does_not_take_the_place_of_a_signed_pack(security, bring, tmp_path, make_file):
    keyring.trust(security, OURS.public.line())
    bring("1.0.0", OURS)
    folder = tmp_path / "local"
    folder.mkdir()
    for name, content in starter("good", "改过", "某市", services.registry().sections).items():
        (folder / name).write_bytes(content.replace(b"version: 0.1.0", b"version: 3.0.0"))

    with pytest.raises(PackError, match="签名被去掉"):
        services.install(None, folder)


def test_a_new_key_carries_on_and_a_revoked_one_does_not(security, bring):
    keyring.trust(security, OURS.public.line())
    bring("1.0.0", OURS)
    keyring.revoke(security, OURS.public.id, "遗失")
    keyring.trust(security, NEW.public.line(), replaces=OURS.public.id)

    with pytest.raises(PackError, match="已被撤销"):
        bring("1.1.0", OURS)
    second = bring("1.1.0", NEW)

    assert state(second).state is State.TRUSTED
    old = services.by_ref("good@1.0.0")
    assert state(old).state is State.UNKNOWN and "已撤销" in state(old).note


def test_a_signature_may_be_added_to_an_installed_version_but_not_taken_off(app, security, bring):
    app.config["YAOQING"]["PACK_SIGNATURES"] = "允许未签名"
    keyring.trust(security, OURS.public.line())
    plain = bring("1.0.0")

    assert bring("1.0.0", OURS).id == plain.id
    assert state(plain).state is State.TRUSTED and last_record().action == "登记规则包签名"
    with pytest.raises(PackError, match="签名被去掉"):
        bring("1.0.0")


def test_changed_files_show_and_the_same_version_mends_them(app, security, bring):
    keyring.trust(security, OURS.public.line())
    found = bring(key=OURS)
    path = services.registry().folder / found.ref / "README.md"
    path.write_text("改动", encoding="utf-8")

    assert state(found).state is State.CHANGED
    bring(key=OURS)
    assert state(found).state is State.TRUSTED


def test_a_signature_changed_in_the_database_shows(security, bring):
    keyring.trust(security, OURS.public.line())
    found = bring(key=OURS)
    found.signature.block = found.signature.block.replace("示例省政府办公厅", "某某")

    assert state(found).state is State.CHANGED


def test_an_export_is_the_file_that_came_in(security, bring, make_file, watch):
    keyring.trust(security, OURS.public.line())
    content = make_file(key=OURS)
    found = bring(key=OURS)

    assert exported(found, services.load(found)) == content


def test_a_failure_while_files_are_put_in_place_leaves_no_row(app, security, bring, monkeypatch):
    keyring.trust(security, OURS.public.line())
    registry = services.registry()

    def full(pack):
        raise OSError("disk full")

    monkeypatch.setattr(registry, "keep", full)
    with pytest.raises(OSError, match="disk full"):
        bring(key=OURS)

    assert services.versions() == []


# ---- pages ----------------------------------------------------------------------------------------------------------


def uploaded(client, content, name="good.yqpack"):
    return client.submit(
        "/packs/install", {"archive": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


def test_the_same_version_once_more_is_said_to_change_nothing(client, security, people, make_file):
    keyring.trust(security, OURS.public.line())
    login(client, people["system_admin"])

    def told(key):
        answer = uploaded(client, make_file(key=key))
        page = client.get(answer.location).text
        return [word for word in ("已安装“", "登记了签名", "本次没有任何变化") if word in page]

    assert [told(OURS), told(OURS)] == [["已安装“"], ["本次没有任何变化"]]


def test_the_administrators_do_it_all_on_pages(client, people, make_file):
    login(client, people["system_admin"])
    refused = uploaded(client, make_file(key=OURS))
    assert (
        refused.status_code == 400
        and "签名密钥不在可信之列" in refused.text
        and spaced(OURS.public.id) in refused.text
    )

    login(client, people["security_admin"])
    assert (
        client.submit("/packs/keys", {"line": OURS.public.line(), "holder": "", "replaces": ""}).status_code
        == 302
    )
    assert spaced(OURS.public.id) in client.get("/packs/keys").text

    login(client, people["system_admin"])
    assert "安装规则包文件" in client.get("/packs/").text
    content = make_file(key=OURS)
    done = uploaded(client, content)
    assert done.status_code == 302
    page = client.get("/packs/").text
    assert "已签名可信" in page and "示例省政府办公厅" in page
    saved = client.get(f"{done.location}/export")
    assert saved.data == content
    assert saved.headers["Content-Disposition"] == "attachment; filename=good-0.1.0.yqpack"


def test_a_report_lists_everything_that_is_wrong(client, people, app):
    app.config["YAOQING"]["PACK_SIGNATURES"] = "允许未签名"
    files = starter("good", "示例办法", "某市", services.registry().sections)
    files |= {"units.yaml": b"surprise: 1\ngroups: [a, a]\n", "calendar.yaml": b"year_starts: 13\n"}
    login(client, people["system_admin"])

    page = uploaded(client, packed(files, listing_of("good", "0.1.0", files).encoded()))

    assert page.status_code == 400 and "规则包没有安装" in page.text
    assert "units.yaml 第 1 行" in page.text and "calendar.yaml 第 1 行" in page.text


@pytest.mark.parametrize("content", [b"", b"<script>alert(1)</script>"])
def test_nonsense_and_nothing_are_a_message(client, people, content):
    login(client, people["system_admin"])

    page = uploaded(client, content, "<script>.yqpack" if content else "")

    assert page.status_code == 400 and "<script>" not in page.text.replace("<script src", "")


def test_a_refused_key_stays_in_the_form(client, people):
    login(client, people["security_admin"])

    page = client.submit("/packs/keys", {"line": "ssh-ed25519 AAAA", "holder": "某省", "replaces": ""})

    assert page.status_code == 400 and "不是公钥" in page.text
    assert "ssh-ed25519 AAAA" in page.text and 'value="某省"' in page.text


def test_forms_are_shown_to_those_who_may_only(client, people):
    for role, install, trust in (
        ("system_admin", True, False),
        ("security_admin", False, True),
        ("editor", False, False),
    ):
        login(client, people[role])

        assert ('action="/packs/install"' in client.get("/packs/").text) == install
        assert ('action="/packs/keys"' in client.get("/packs/keys").text) == trust


# ---- command line ---------------------------------------------------------------------------------------------------


@pytest.fixture
def yaoqing(app, tmp_path, monkeypatch, capsys):
    """Run a command as a person at the machine; gives exit code, output, errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YAOQING_DATA", str(app.config["YAOQING"]["DATA"]))
    monkeypatch.setenv("YAOQING_PLUGINS_OFF", ",".join(path.name for path in (PROJECT / "plugins").iterdir()))

    def command(*words):
        try:
            code = run(["pack", *words])
        except SystemExit as done:
            code = done.code
        db.session.rollback()
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_from_a_new_folder_to_an_installed_signed_pack(yaoqing, tmp_path):
    assert yaoqing("new", "moushi-2026", "--title", "某市“新”办法")[0] == 0
    assert yaoqing("check", "moushi-2026")[0] == 0
    assert yaoqing("export", "moushi-2026")[0] == 0
    file = "moushi-2026-0.1.0.yqpack"
    before = (tmp_path / file).read_bytes()
    yaoqing("export", "moushi-2026", "--out", "again.yqpack")
    assert (tmp_path / "again.yqpack").read_bytes() == before
    assert yaoqing("verify", file)[0] == 1

    code, said, _ = yaoqing("key", "new", "moushi", "--holder", "某市人民政府办公室", "--out", "stick")
    assert code == 0 and stat.S_IMODE((tmp_path / "stick" / "moushi.key").stat().st_mode) == 0o600
    (tmp_path / "moushi.pub").write_text(said.splitlines()[-1], encoding="utf-8")
    assert yaoqing("sign", file, "--key", "stick/moushi.key")[0] == 0
    code, said, _ = yaoqing("install", file, "--json")
    assert code == 1 and json.loads(said)["errors"][0]["message"] == "签名密钥不在可信之列"
    assert yaoqing("key", "trust", "moushi.pub")[0] == 0
    code, said, _ = yaoqing("verify", file, "--json")
    report = json.loads(said)
    assert code == 0 and (report["state"], report["signer"]) == ("trusted", "某市人民政府办公室")
    assert json.loads(yaoqing("install", file, "--json")[1])["ok"] is True
    assert "已签名可信" in yaoqing("list")[1]
    assert json.loads(yaoqing("list", "--json")[1])[0]["key_id"] == report["key_id"]

    yaoqing("export", "moushi-2026@0.1.0", "--out", "back.yqpack")
    assert (tmp_path / "back.yqpack").read_bytes() == (tmp_path / file).read_bytes()
    assert (
        yaoqing("key", "export", report["key_id"])[1] == (tmp_path / "moushi.pub").read_text("utf-8") + "\n"
    )
    assert yaoqing("key", "revoke", report["key_id"][:12], "--reason", "演练")[0] == 0
    assert yaoqing("verify", file)[0] == 1
    assert "已撤销" in yaoqing("key", "list")[1]


def test_mistakes_at_the_command_line_are_sentences(yaoqing, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    (tmp_path / "x.yqpack").write_text("hello")

    for words in (
        ("new", "Bad Id", "--title", "x"), ("new", "full", "--title", "x"), ("export", "nothing"), ("verify", "x.yqpack"),
        ("sign", "x.yqpack", "--key", "nobody"), ("install", "x.yqpack"), ("schema", "nothing"),
        ("key", "trust", "x.yqpack"), ("key", "revoke", "00", "--reason", "x"), ("key", "new", "../x"),
    ):  # fmt: skip
        code, _, said = yaoqing(*words)
        assert code and re.search("[\u4e00-\u9fff]", said) and "Traceback" not in said, words


def test_a_sealed_key_asks_for_its_passphrase(yaoqing, tmp_path, monkeypatch):
    (tmp_path / "k.key").write_text(key_file(OURS, "口令"), encoding="utf-8")
    yaoqing("new", "moushi", "--title", "某市办法")
    yaoqing("export", "moushi", "--out", "m.yqpack")

    for passphrase, expected in (("错的", 1), ("口令", 0)):
        monkeypatch.setattr("core.cli.pack_keys.click.prompt", lambda *a, p=passphrase, **k: p)
        assert yaoqing("sign", "m.yqpack", "--key", "k.key")[0] == expected


def test_schemas_cover_every_file_and_speak_chinese_or_nothing(yaoqing, tmp_path):
    assert yaoqing("schema", "--out", "schemas")[0] == 0

    names = {path.name for path in (tmp_path / "schemas").iterdir()}
    units = json.loads((tmp_path / "schemas" / "units.schema.json").read_text("utf-8"))
    assert {"pack.schema.json", "units.schema.json", "scoring.schema.json"} <= names
    assert units["$defs"]["Group"]["anyOf"][0]["type"][0] == "string"
    assert "description" not in units and set(units["properties"]) == {"groups", "classes", "attributes"}
