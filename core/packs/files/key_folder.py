"""Private key files on this machine: written once, readable by their owner only, never part of a backup."""

import os
import re
from pathlib import Path

from core.errors import Conflict, InvalidInput, NotFound, near
from core.packs.files.keys import MAX_FILE, PrivateKey, key_file

SUFFIX = ".key"
NAME = re.compile(r"\w[\w.-]{0,59}")


class KeyFolder:
    """A folder of private key files."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, name: str, key: PrivateKey, passphrase: str = "") -> Path:
        """Write a new private key file with mode 600. An existing one is never overwritten."""
        if not NAME.fullmatch(name):
            raise InvalidInput(
                "密钥名称写法不对", where=name[:60], advice="请用不含空格和斜杠的短词，如 moushi-2026"
            )
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{name}{SUFFIX}"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Conflict(f"已有名为“{name}”的私钥", where=str(path), advice="请换一个名称") from None
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(key_file(key, passphrase))
            file.flush()
            os.fsync(file.fileno())
        return path

    def names(self) -> list[str]:
        """The names of the keys here."""
        return sorted(path.name.removesuffix(SUFFIX) for path in self.folder.glob(f"*{SUFFIX}"))

    def text(self, name_or_path: str) -> str:
        """The text of a private key file, by its name here or by its path."""
        path = self.folder / f"{name_or_path}{SUFFIX}" if NAME.fullmatch(name_or_path) else Path(name_or_path)
        if not path.is_file():
            path = Path(name_or_path)
        if not path.is_file():
            advice = near(name_or_path, self.names()) or "请先运行 ./yaoqing pack key new 制作密钥"
            raise NotFound(f"没有私钥“{name_or_path}”", where=str(self.folder), advice=advice)
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1).decode("utf-8", "replace")
