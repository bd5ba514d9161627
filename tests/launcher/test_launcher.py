"""The launcher: quick once set up, one plain sentence when something is missing, never half a set-up."""

import os
import signal
import time
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).resolve().parents[2] / "yaoqing"


def sentence(done) -> str:
    """The one error sentence of a failed run."""
    errors = [line for line in done.stderr.splitlines() if line.startswith("错误：")]
    assert done.returncode != 0 and len(errors) == 1, done.stderr
    assert errors[0] == done.stderr.splitlines()[-1] and errors[0].endswith("。")
    return errors[0]


# ---- once set up ---------------------------------------------------------------------------------


def test_a_ready_project_runs_the_command_at_once(ready):
    done = ready.run("unit", "add", "示例 区", "")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[2:] == ["<unit>", "<add>", "<示例 区>", "<>"]
    assert len(ready.python_calls()) == 1


def test_the_exit_code_is_the_commands(ready):
    assert ready.run("pack", "check", FAKE_EXIT="3").returncode == 3


def test_the_command_runs_where_the_user_stands(ready, tmp_path):
    done = ready.run("demo", cwd=tmp_path)

    assert done.stdout.splitlines()[0] == f"in {tmp_path} utf8=1"


def test_relative_folders_stay_where_the_user_meant_them(ready, tmp_path):
    done = ready.run("demo", cwd=tmp_path, YAOQING_DATA="我的 数据", YAOQING_FONTS="/fonts")

    assert done.stdout.splitlines()[1] == f"data={tmp_path}/我的 数据 fonts=/fonts"


def test_a_chain_of_links_leads_to_the_project(ready, tmp_path):
    (tmp_path / "first").symlink_to(ready.launcher)
    (tmp_path / "bin" / "yaoqing").symlink_to("../first")

    for launcher in (tmp_path / "bin" / "yaoqing", "yaoqing"):
        assert ready.run("demo", launcher=launcher, cwd=tmp_path).returncode == 0


def test_help_is_the_commands_own(ready):
    assert "<--help>" in ready.run("--help").stdout


# ---- setting up ----------------------------------------------------------------------------------


def test_first_start_sets_up_and_runs(world):
    done = world.run("demo")

    assert done.returncode == 0, done.stderr
    assert [line[:5] for line in done.stderr.splitlines()] == ["[1/4]", "[2/4]", "[3/4]", "[4/4]"]
    assert "<demo>" in done.stdout and "[1/4]" not in done.stdout


def test_packages_are_installed_by_hash_and_never_compiled(world):
    world.run("setup")

    [call] = world.pip_calls()
    assert "--require-hashes --only-binary :all:" in call
    assert call.endswith(f"-r {world.folder}/requirements.lock")


def test_a_folder_of_wheels_replaces_the_network(world):
    (world.folder / "wheelhouse").mkdir()
    world.run("setup")

    assert f"--no-index --find-links {world.folder}/wheelhouse" in world.pip_calls()[0]


@pytest.mark.parametrize("change", ["lock", "python", "folder"])
def test_a_change_below_leads_to_a_rebuild(ready, change):
    if change == "lock":
        (ready.folder / "requirements.lock").write_text("one==2\n", encoding="utf-8")
    elif change == "python":
        (ready.venv / "pyvenv.cfg").write_text("version = 3.12\n", encoding="utf-8")
    else:
        ready.folder = ready.folder.rename(ready.folder.with_name("新目录"))

    assert ready.run("demo").returncode == 0
    assert len(ready.pip_calls()) == 1


def test_two_set_ups_at_once_install_once(world):
    both = [world.start("demo", FAKE_PIP="sleep 0.5") for _ in range(2)]
    said = [process.communicate(timeout=30)[1] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert len(world.pip_calls()) == 1
    assert sum("另一个安装正在进行" in text for text in said) == 1


def test_missing_fonts_are_said_and_do_not_stop(world):
    (world.folder / "var" / "fonts" / "FandolFang-Regular.otf").unlink()
    done = world.run("demo")

    assert done.returncode == 0
    assert "未能取得公文字体" in done.stderr


def test_fonts_come_from_the_bundle_without_a_network(world):
    carried = world.folder / "wheelhouse" / "fonts"
    carried.parent.mkdir()
    (world.folder / "var" / "fonts").rename(carried)

    assert world.run("demo").returncode == 0
    assert (world.folder / "var" / "fonts" / "FandolSong-Bold.otf").read_text(encoding="utf-8") == "face"


# ---- what may be missing -------------------------------------------------------------------------


def test_without_python_it_says_what_to_install(bare):
    said = sentence(bare.run("demo"))

    assert "没有找到 Python 3.11" in said and "python3 python3-venv" in said
    assert not bare.venv.exists()


def test_on_debian_without_rights_the_command_is_spelled_out(bare):
    bare.program("apt-get", "#!/bin/sh\nexit 1\n")
    bare.program("id", "#!/bin/sh\necho 1000\n")

    assert "请执行 sudo apt-get install -y python3 python3-venv" in sentence(bare.run("demo"))


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("old 3.9.2", "本机只有 3.9.2"), ("bare 3.11.2 ensurepip", "Python 3.11.2 缺少 ensurepip 模块")],
)
def test_an_unfit_python_is_named(world, verdict, words):
    assert words in sentence(world.run("demo", FAKE_VERDICT=verdict))
    assert not world.venv.exists()


def test_a_wrong_yaoqing_python_is_named(world):
    assert "YAOQING_PYTHON 指定的 /no/python" in sentence(world.run("demo", YAOQING_PYTHON="/no/python"))


def test_without_pango_nothing_is_built(world):
    assert "libpango-1.0-0" in sentence(world.run("demo", FAKE_ABSENT="libpango-1.0-0"))
    assert not world.venv.exists()


def test_without_the_subsetting_library_it_only_warns(world):
    done = world.run("demo", FAKE_ABSENT="libharfbuzz-subset0")

    assert done.returncode == 0
    assert "提示：缺少 libharfbuzz-subset0" in done.stderr


def test_an_unwritable_project_is_said(bare):
    (bare.folder / "var").rename(bare.folder / "elsewhere")
    (bare.folder / "var").write_text("in the way", encoding="utf-8")

    assert "不可写" in sentence(bare.run("demo"))


PIP_FAILURES = [
    ("echo 'ERROR: No matching distribution found for one==1'", "无法下载 Python 软件包"),
    ("echo 'OSError: [Errno 28] No space left on device'", "磁盘空间不足"),
    ("echo 'THESE PACKAGES DO NOT MATCH THE HASHES'", "校验值不符"),
    ("echo 'something else'", "tail -n 30"),
]


@pytest.mark.parametrize(("failure", "words"), PIP_FAILURES, ids=["network", "disk", "hashes", "other"])
def test_a_failed_installation_is_one_sentence_and_leaves_nothing(world, failure, words):
    assert words in sentence(world.run("demo", FAKE_PIP=f"{failure}; false"))
    assert not world.venv.exists()


@pytest.mark.parametrize(("failure", "words"), PIP_FAILURES, ids=["network", "disk", "hashes", "other"])
def test_a_failed_rebuild_gives_the_former_environment_back(ready, failure, words):
    lock = ready.folder / "requirements.lock"
    lock.write_text("one==2\n", encoding="utf-8")
    assert words in sentence(ready.run("demo", FAKE_PIP=f"{failure}; false"))

    lock.write_text("one==1\n", encoding="utf-8")
    assert (ready.run("demo").returncode, len(ready.pip_calls())) == (0, 1)


def test_an_incomplete_bundle_is_named(world):
    (world.folder / "wheelhouse").mkdir()

    done = world.run("demo", FAKE_PIP="echo No matching distribution found; false")
    assert "wheelhouse 目录中的软件包不全、被改动过" in sentence(done)


# ---- interrupted ---------------------------------------------------------------------------------


def wait_for(path):
    deadline = time.monotonic() + 20
    while not path.exists() or not path.read_text(encoding="utf-8").strip():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("start", ["world", "ready"])
def test_an_interrupted_set_up_is_made_good_by_the_next(start, how, request, tmp_path):
    world = request.getfixturevalue(start)
    (world.folder / "requirements.lock").write_text("one==2\n", encoding="utf-8")
    process = world.start("demo", FAKE_PIP=f"echo $$ >'{tmp_path}/pip.pid'; exec sleep 60")
    pip = wait_for(tmp_path / "pip.pid")
    process.send_signal(how)
    # What pip was doing ends as well; until then its lock makes the next set-up wait.
    os.kill(pip, signal.SIGKILL)
    process.communicate(timeout=30)

    assert process.returncode != 0
    assert world.run("demo").returncode == 0
    assert len(world.pip_calls()) == 2
    assert not world.venv.with_name(".venv.old").exists()


def test_a_rebuild_killed_midway_can_be_called_off(ready, tmp_path):
    lock = ready.folder / "requirements.lock"
    lock.write_text("one==2\n", encoding="utf-8")
    process = ready.start("demo", FAKE_PIP=f"echo $$ >'{tmp_path}/pip.pid'; exec sleep 60")
    pip = wait_for(tmp_path / "pip.pid")
    process.kill()
    os.kill(pip, signal.SIGKILL)
    process.communicate(timeout=30)

    lock.write_text("one==1\n", encoding="utf-8")
    assert (ready.run("demo").returncode, len(ready.pip_calls())) == (0, 1)


# ---- testing -------------------------------------------------------------------------------------


def locks(world) -> list[str]:
    """The lock each installation was made from, in order."""
    return [call.rsplit("/", 1)[1] for call in world.pip_calls()]


def test_tests_run_in_the_project_with_the_test_tools(world, tmp_path):
    world.program("chromium", "#!/bin/sh\n")
    world.program("qpdf", "#!/bin/sh\n")
    done = world.run("test", "-k", "某项", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"pytest in {world.folder} require= args=-m pytest -k 某项\n"
    assert [call.rsplit("/", 1)[1] for call in world.pip_calls()] == [
        "requirements.lock",
        "requirements-dev.lock",
    ]
    assert world.run("test").stderr == ""


def test_people_may_test_without_a_browser(world):
    done = world.run("test")

    assert done.returncode == 0
    assert "缺少浏览器 chromium 和 PDF 检查程序 qpdf，需要它的测试将跳过" in done.stderr


def test_continuous_integration_may_not(world):
    assert "缺少浏览器 chromium" in sentence(world.run("test", CI="true"))

    world.program("chromium", "#!/bin/sh\n")
    world.program("qpdf", "#!/bin/sh\n")
    assert "require=1" in world.run("test", CI="true").stdout


def test_failing_test_tools_leave_the_commands_alone(ready):
    sentence(ready.run("test", FAKE_PIP="echo connection refused; false"))

    assert ready.run("demo").stderr == ""


def test_test_tools_broken_off_are_rebuilt_from_scratch(ready):
    sentence(ready.run("test", FAKE_PIP="echo connection refused; false"))
    ready.run("test")

    assert locks(ready) == ["requirements-dev.lock", "requirements.lock", "requirements-dev.lock"]


# ---- bundling ------------------------------------------------------------------------------------


def test_a_bundle_holds_wheels_fonts_and_checksums(world):
    fetch = (
        'for last; do :; done; while [ "$1" != -d ]; do shift; done; echo wheel >"$2/one-1-py3-none-any.whl"'
    )
    done = world.run("bundle", FAKE_PIP=fetch)

    assert done.returncode == 0, done.stderr
    files = {path.name for path in (world.folder / "wheelhouse").iterdir()}
    assert files == {"one-1-py3-none-any.whl", "fonts", "requirements.lock", "SHA256SUMS"}


def test_a_broken_off_bundle_leaves_no_wheelhouse(world):
    sentence(world.run("bundle", FAKE_PIP="echo timed out; false"))

    assert not list(world.folder.glob("wheelhouse*"))


# ---- the file itself -----------------------------------------------------------------------------


def test_the_launcher_is_executable_and_plain_sh():
    text = LAUNCHER.read_text(encoding="utf-8")

    assert os.access(LAUNCHER, os.X_OK)
    assert text.startswith("#!/bin/sh\n") and "[[" not in text and "\r" not in text
