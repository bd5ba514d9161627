"""Name a browser from its User-Agent header, for the list of one's own sessions. A claim, never a proof."""

import re

# The more particular names first: most browsers also call themselves Chrome and Safari.
BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("360 浏览器", r"(?:QIHU|360SE|360EE)[^/]*/?(\d*)"),
    ("QQ 浏览器", r"QQBrowser/(\d+)"),
    ("微信", r"MicroMessenger/(\d+)"),
    ("Firefox", r"Firefox/(\d+)"),
    ("Chrome", r"(?:Headless)?Chrome/(\d+)"),
    ("Safari", r"Version/(\d+).*Safari"),
)
SYSTEMS = (
    ("鸿蒙", "HarmonyOS"), ("安卓", "Android"), ("苹果手机", "iPhone"), ("苹果平板", "iPad"), ("Windows", "Windows"),
    ("苹果电脑", "Mac OS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(header: str) -> str:
    """“Chrome 156，Windows”, or “未知浏览器”."""
    browser = "未知浏览器"
    for name, pattern in BROWSERS:
        if match := re.search(pattern, header):
            browser = f"{name} {match[1]}".strip()
            break
    system = next((name for name, word in SYSTEMS if word in header), "")
    return f"{browser}，{system}" if system else browser
