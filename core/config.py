"""Every setting with its default and its help; values come from the environment (`YAOQING_…`)."""

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import SetupError

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One setting: environment name (without prefix), default, parser, help in Chinese."""

    name: str
    default: Any
    parse: Callable[[str], Any]
    help: str


def _flag(text: str) -> bool:
    if text.strip().lower() in {"1", "true", "yes", "on", "是"}:
        return True
    if text.strip().lower() in {"0", "false", "no", "off", "否", ""}:
        return False
    raise ValueError(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _from(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if int(text) < least:
            raise ValueError(text)
        return int(text)

    return number


def _one_of(**words: str) -> Callable[[str], str]:
    """One of some Chinese words; their English names will do as well."""

    def word(text: str) -> str:
        if text.strip() not in {*words, *words.values()}:
            raise ValueError(text)
        return words.get(text.strip(), text.strip())

    return word


def _address(text: str) -> str:
    """The address of the site, of at most one printed line."""
    if text and not re.fullmatch(r"https?://[\w.:\[\]-]+(/[\w./-]*)?", text.strip(), re.ASCII):
        raise ValueError(text)
    if len(text.strip()) > 48:
        raise ValueError(text)
    return text.strip().rstrip("/")


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


SETTINGS = (
    Setting("DATA", PROJECT / "var", _folder, "数据目录：数据库、密钥、附件和公文都在这里"),
    Setting("FONTS", PROJECT / "var" / "fonts", _folder, "公文字体目录"),
    Setting("DATABASE", "", str, "数据库地址；留空用数据目录里的 SQLite"),
    Setting("PLUGINS_OFF", (), _names, "停用的插件，以英文逗号分隔"),
    Setting("SECRET_KEY", "", str, "会话签名密钥；留空则首次启动时在数据目录生成"),
    Setting("HTTPS", False, _flag, "站点经 https 访问时设为 1，登录凭证只经加密连接发送"),
    Setting("PROXIES", 0, _from(0), "前面可信反向代理的层数"),
    Setting("IDLE_MINUTES", 30, _from(1), "多少分钟没有操作即退出登录"),
    Setting("SESSION_HOURS", 12, _from(1), "一次登录最长保持多少小时"),
    Setting("LOGIN_FAILURES", 5, _from(1), "同一账号连续输错几次密码即锁定"),
    Setting("ADDRESS_FAILURES", 50, _from(1), "同一来源地址在锁定时长内输错几次即暂停登录"),
    Setting("LOCK_MINUTES", 15, _from(1), "锁定多少分钟"),
    Setting("PASSWORD_LENGTH", 10, _from(1), "密码最短位数"),
    Setting("PASSWORD_DAYS", 180, _from(0), "密码最长使用天数，0 为不限"),
    Setting("UPLOAD_MB", 20, _from(1), "单个附件最大兆字节数"),
    Setting("UPLOAD_FILES", 10, _from(1), "一条信息最多附件数"),
    Setting(
        "PACK_SIGNATURES",
        "只收可信",
        _one_of(trusted="只收可信", unknown="允许未知", unsigned="允许未签名"),
        "收哪些规则包文件：只收可信（trusted），也收签名人未知的（允许未知，unknown），也收没有签名的（允许未签名，"
        "unsigned）；在服务器上从目录安装的不受此限",
    ),
    Setting(
        "JOB_PROCESSES", 2, _from(0), "serve 自带几个处理后台任务的进程；0 为不带，由 jobs work 另外启动"
    ),
    Setting("JOB_LEASE", 30, _from(5), "处理进程多少秒没有消息，任务即交给别的进程重做"),
    Setting("JOB_RESULT_DAYS", 30, _from(1), "任务产生的文件保留多少天"),
    Setting(
        "SITE_ADDRESS",
        "",
        _address,
        "本站网址，如 http://oa.example.gov.cn；填写后印发的公文末页印核验网址和二维码，不填只印核验码",
    ),
    Setting("VERIFY_PUBLIC", False, _flag, "公文核验页是否不登录也能打开"),
    Setting("LEASE_MINUTES", 20, _from(1), "编辑打开一条信息后，多少分钟没有操作即不再占用"),
    Setting("PAGE_SIZE", 20, _from(1), "列表每页条数"),
)


def read(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """All settings as a dict keyed by name. Raises SetupError naming the variable that cannot be read."""
    environ = os.environ if environ is None else environ
    values = {}
    for setting in SETTINGS:
        text = environ.get(f"YAOQING_{setting.name}")
        try:
            values[setting.name] = setting.default if text is None else setting.parse(text)
        except ValueError:
            raise SetupError(
                f"设置 YAOQING_{setting.name} 的值“{text}”无法识别",
                reason=setting.help,
                advice="请改正后重新启动",
            ) from None
    return values


def secret_key(data: Path) -> str:
    """The installation's signing key, made once with mode 600 and kept in the data folder."""
    path = data / "secret_key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        # mkstemp gives mode 600 from the first byte on.
        handle, fresh = tempfile.mkstemp(dir=data, prefix=".secret_key.")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        try:
            # link() fails when another process was quicker: both then read the same key.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            os.unlink(fresh)
    return path.read_text(encoding="ascii")
