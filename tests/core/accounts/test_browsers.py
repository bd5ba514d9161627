"""A browser is named as its user would name it."""

import pytest

from core.accounts.browsers import browser_name

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0"
PHONE = "Mozilla/5.0 (Linux; Android 14; HarmonyOS) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (EDGE, "Edge 120，Windows"),
        (PHONE, "Chrome 114，鸿蒙"),
        ("curl/8.1", "未知浏览器"),
        ("", "未知浏览器"),
    ],
)
def test_a_browser_is_named(header, name):
    assert browser_name(header) == name
