"""LibreOffice without a screen: opens what we write for Word and spreadsheets, as another program reads it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# The official faces are not free; whatever stands in for them in our PDFs stands in here too.
STAND_INS = {
    "仿宋_GB2312": "FandolFang R", "楷体_GB2312": "FandolKai", "黑体": "FandolHei", "方正小标宋简体": "FandolSong",
    "宋体": "FandolSong", "Times New Roman": "Liberation Serif",
}  # fmt: skip
REPAIR = (
    '<match target="scan"><test name="fullname"><string>FandolSong Bold</string></test>'
    '<edit name="weight" mode="assign"><const>bold</const></edit></match>'
    '<match target="pattern"><test name="family"><string>方正小标宋简体</string></test>'
    '<edit name="weight" mode="assign"><const>bold</const></edit></match>'
)


def program() -> str:
    """Where LibreOffice is; without it nothing can be said about other programs."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if not found:
        message = "没有 LibreOffice：请安装 libreoffice-writer-nogui 和 libreoffice-calc-nogui（no soffice on PATH）"
        if os.environ.get("YAOQING_REQUIRE_ALL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def convert(fonts_dir, tmp_path_factory):
    """convert(content, suffix, to): a file opened in LibreOffice and saved in another format."""
    soffice, home = program(), tmp_path_factory.mktemp("office")
    config = home / "fonts.conf"
    config.write_text(_fonts(fonts_dir, home), "utf-8")
    environment = {**os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(home), "LC_ALL": "C.UTF-8"}

    def converted(content: bytes, suffix: str, to: str) -> bytes:
        folder = Path(tmp_path_factory.mktemp("file"))
        (folder / f"file.{suffix}").write_bytes(content)
        done = subprocess.run(
            [soffice, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless", "--convert-to", to,
             "--outdir", str(folder), str(folder / f"file.{suffix}")],
            env=environment, capture_output=True, timeout=180, check=False,
        )  # fmt: skip
        made = folder / f"file.{to.partition(':')[0]}"
        assert made.exists(), done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
        return made.read_bytes()

    return converted


def _fonts(fonts_dir: Path, home: Path) -> str:
    matches = "".join(
        f'<match target="pattern"><test name="family"><string>{wanted}</string></test>'
        f'<edit name="family" mode="prepend" binding="same"><string>{found}</string></edit></match>'
        for wanted, found in STAND_INS.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"<dir>{fonts_dir.resolve()}</dir><dir>/usr/share/fonts</dir><cachedir>{home / 'cache'}</cachedir>"
        f"{matches}{REPAIR}</fontconfig>"
    )
