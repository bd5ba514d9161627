"""Settings from the environment, and the signing key."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core import config
from core.errors import SetupError


def test_without_any_variable_every_setting_has_its_default():
    assert config.read({}) == {s.name: s.default for s in config.SETTINGS}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("HTTPS", "1", True),
        ("HTTPS", "是", True),
        ("HTTPS", "off", False),
        ("HTTPS", "", False),
        ("IDLE_MINUTES", "5", 5),
        ("PLUGINS_OFF", "one, two,", ("one", "two")),
        ("DATA", "/srv/yaoqing", Path("/srv/yaoqing")),
    ],
)
def test_a_variable_is_read_by_its_kind(name, text, value):
    assert config.read({f"YAOQING_{name}": text})[name] == value


@pytest.mark.parametrize(
    ("name", "text"), [("HTTPS", "maybe"), ("IDLE_MINUTES", "half an hour"), ("UPLOAD_MB", "")]
)
def test_a_value_that_cannot_be_read_names_its_variable_and_what_it_is_for(name, text):
    with pytest.raises(SetupError) as refused:
        config.read({f"YAOQING_{name}": text})

    help_text = next(s.help for s in config.SETTINGS if s.name == name)
    assert f"YAOQING_{name}" in str(refused.value) and help_text in str(refused.value)


@pytest.mark.parametrize(
    "name", ["IDLE_MINUTES", "SESSION_HOURS", "LOGIN_FAILURES", "PAGE_SIZE", "UPLOAD_MB", "PROXIES"]
)
def test_a_negative_number_is_refused(name):
    with pytest.raises(SetupError, match=f"YAOQING_{name}"):
        config.read({f"YAOQING_{name}": "-1"})


def test_the_signing_key_is_made_once_and_for_its_owner_only(tmp_path):
    key = config.secret_key(tmp_path / "data")

    assert config.secret_key(tmp_path / "data") == key and len(key) == 64
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_the_key_is_never_readable_by_others_not_even_while_it_is_written(tmp_path, monkeypatch):
    modes = []
    link = config.os.link
    monkeypatch.setattr(
        config.os, "link", lambda a, b: (modes.append(stat.S_IMODE(Path(a).stat().st_mode)), link(a, b))
    )

    config.secret_key(tmp_path)

    assert modes == [0o600]


def test_workers_that_start_together_agree_on_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: config.secret_key(tmp_path), range(16)))

    assert len(keys) == 1
