"""Find the fonts of official documents once, and tell which official face had to be replaced.

Official faces (仿宋_GB2312, 方正小标宋 …) are licensed and may be absent; each role therefore has an ordered
list of families, official names first. The result carries its own fontconfig file naming only the chosen
files, so that a document looks the same whatever else is installed on the machine.
"""

import contextlib
import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from core.documents.fonts import charset
from core.documents.fonts.blanks import blank
from core.documents.fonts.faces import BACKUPS, REGULAR, ROLES, Wanted
from core.errors import SetupError

SYSTEM_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_ROW = r"%{file}\t%{index}\t%{weight}\t%{slant}\t%{variable}\t%{family}\t%{charset}\n"


@dataclass(frozen=True)
class Face:
    """The font really used for a role. `weight` is the CSS weight that selects it."""

    role: str
    label: str
    wanted: str
    family: str
    weight: int
    file: str
    index: int
    is_official: bool
    # How many characters of each of charset's levels this face alone cannot print.
    lacks: tuple[int, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """How far all fonts together reach into a level of characters."""

    level: str
    total: int
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class FontSet:
    """Every face resolved, what they cover, and the private fontconfig file that shows only them."""

    faces: tuple[Face, ...]
    config: Path
    # Characters every text face has: a run of others gets its own span so that line heights hold.
    common: frozenset[int] = field(repr=False)
    covered: frozenset[int] = field(repr=False)
    # Song metrics in em: baseline below the top of a 1 em line box, dash above the baseline.
    song_baseline: float = 0.88
    song_dash: float = 0.3

    def face(self, role: str) -> Face | None:
        """The face of a role, or None for a backup that is not installed."""
        return next((face for face in self.faces if face.role == role), None)

    def stack(self, role: str) -> str:
        """The CSS value of font-family for a role: its face, then the wide one behind it."""
        wanted = [self.face(role)]
        if role in ROLES:
            wanted += [self.face(ROLES[role].backup), self.face("fallback")]
        families = dict.fromkeys(face.family for face in wanted if face)
        return ", ".join(f"'{family}'" for family in families)

    def weight(self, role: str) -> int:
        """The CSS weight that selects a role's face."""
        face = self.face(role)
        return face.weight if face else REGULAR

    def report(self) -> list[dict[str, object]]:
        """One row per face: official or not, of the same kind or whatever there was, what stands in, what it lacks."""
        return [
            {
                "face": face.label,
                "wanted": face.wanted,
                "used": face.family,
                "official": face.is_official,
                "alike": face.is_official or face.family in dict(ROLES[face.role].stand_ins),
                "lacks": () if face.role == "latin" else face.lacks,
            }
            for face in self.faces
            if face.role in ROLES
        ]

    def without(self) -> list[Wanted]:
        """What nothing at all stands in for: the text face takes its place."""
        return [wanted for role, wanted in ROLES.items() if not self.face(role)]

    def backups(self) -> list[Face]:
        """The wide faces behind the others."""
        return [face for face in self.faces if face.role in BACKUPS]

    def coverage(self) -> list[Coverage]:
        """Whether every character of each level has some font."""
        return [
            Coverage(level, len(wanted), tuple(map(chr, sorted(wanted - self.covered))))
            for level, wanted in charset.levels().items()
        ]

    def missing(self, text: str) -> list[tuple[str, int]]:
        """Characters no font has, with their positions; they show as 〓 on a proof and are never issued."""
        return [
            (char, place)
            for place, char in enumerate(text)
            if ord(char) not in self.covered and not (charset.is_unprintable(char) or char.isspace())
        ]


@dataclass(frozen=True)
class Found:
    """One installed font as fontconfig sees it."""

    file: str
    index: int
    weight: float  # fontconfig's own scale: 80 regular, 200 bold
    families: tuple[str, ...]
    characters: frozenset[int] = field(repr=False)
    # Mapped by the font, drawn as nothing; no longer among the characters.
    blank: frozenset[int] = field(default=frozenset(), repr=False)


def resolve(fonts_dir: Path, cache_dir: Path, system_folders: Iterable[Path] = SYSTEM_FOLDERS) -> FontSet:
    """Choose a font for every role from `fonts_dir`, then from the system's fonts."""
    cache_dir.mkdir(parents=True, exist_ok=True)
    survey = cache_dir / "survey.conf"
    _write(survey, _config([fonts_dir, *system_folders], cache_dir))
    installed = list(_installed(survey))
    faces, used = [], []
    for role, wanted in (ROLES | BACKUPS).items():
        choice = _choose(role, wanted, installed, fonts_dir)
        if choice:
            faces.append(choice[0])
            used.append(_without_blanks(choice[1]))
    text_faces = [
        found.characters
        for face, found in zip(faces, used, strict=True)
        if face.role in ("fang", "kai", "hei", "title", "song")
    ]
    song = next(face for face in faces if face.role == "song")
    baseline, dash = _song_metrics(song)
    return FontSet(
        faces=tuple(faces),
        config=_render_config(used, cache_dir),
        common=frozenset.intersection(*text_faces),
        covered=frozenset.union(*(found.characters for found in used)),
        song_baseline=baseline,
        song_dash=dash,
    )


def _choose(role: str, wanted: Wanted, installed: list[Found], fonts_dir: Path) -> tuple[Face, Found] | None:
    candidates = [(name, REGULAR, True) for name in wanted.official]
    candidates += [(name, weight, False) for name, weight in wanted.stand_ins]
    if role in ROLES and role != "latin":  # better a plain Chinese face than none
        candidates += [(name, weight, False) for name, weight in BACKUPS["fallback"].stand_ins]
    for name, weight, official in candidates:
        found = _find(name, weight, installed, fonts_dir)
        if found:
            first = wanted.official[0] if wanted.official else name
            lacks = tuple(len(level - found.characters) for level in charset.levels().values())
            face = Face(role, wanted.label, first, name, weight, found.file, found.index, official, lacks)
            return face, found
    if role in ROLES and role != "latin":
        raise SetupError(
            f"找不到可用的中文字体：{wanted.label}",
            reason=f"字体文件夹“{fonts_dir.name}”和系统字体中都没有 {wanted.official[0]} 及其替代字体",
            advice="请把仿宋、楷体、黑体、小标宋、宋体字体文件放入该文件夹，再重新启动",
        )
    return None


def _without_blanks(found: Found) -> Found:
    none = blank(found.file, found.index)
    return replace(found, characters=found.characters - none, blank=none)


def _find(name: str, weight: int, installed: list[Found], fonts_dir: Path) -> Found | None:
    """The installed font of that family and weight; the office's own folder wins."""
    same = [
        found
        for found in installed
        if name.casefold() in (family.casefold() for family in found.families)
        and (found.weight >= 180) == (weight >= 600)
    ]
    own, aim = str(fonts_dir.resolve()), 200 if weight >= 600 else 80
    return min(
        same,
        key=lambda found: (not found.file.startswith(own), abs(found.weight - aim), found.file),
        default=None,
    )


def _installed(config: Path) -> Iterator[Found]:
    rows = _fc_list(config, _ROW)
    for row in rows.splitlines():
        file, index, weight, slant, variable, families, characters = row.split("\t")
        if variable == "True" or int(index) > 0xFFFF or slant not in ("", "0"):
            continue  # variable fonts with their named instances, italics
        yield Found(
            str(Path(file).resolve()),
            int(index),
            float(weight or 80),
            tuple(families.split(",")),
            charset.from_ranges(characters),
        )


def _fc_list(config: Path, form: str) -> str:
    environment = {
        "FONTCONFIG_FILE": str(config),
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
    }
    try:
        done = subprocess.run(
            ["fc-list", "--format", form], env=environment, capture_output=True, check=True, timeout=120
        )
    except FileNotFoundError as error:
        raise SetupError("缺少字体查询程序 fc-list", advice="请安装系统软件包 fontconfig 后重试") from error
    except subprocess.SubprocessError as error:
        raise SetupError("字体查询失败", reason=str(error), advice="请检查字体文件夹是否可读") from error
    return done.stdout.decode("utf-8", "replace")


def _render_config(used: list[Found], cache_dir: Path) -> Path:
    """A folder of links to the chosen files only, and a configuration that knows nothing else."""
    blanks = {found.file: found.blank for found in used}
    name = hashlib.sha256("\n".join(sorted(blanks)).encode()).hexdigest()[:16]
    folder = cache_dir / f"chosen-{name}"
    (folder / "files").mkdir(parents=True, exist_ok=True)
    repairs = ""
    for number, file in enumerate(sorted(blanks)):
        link = folder / "files" / f"{number:02d}{Path(file).suffix}"
        if not link.is_symlink():
            with contextlib.suppress(FileExistsError):  # made by another worker starting at the same moment
                link.symlink_to(file)
        repairs += _disowned(folder.resolve() / "files" / link.name, blanks[file])
    config = folder / "fonts.conf"
    _write(config, _config([folder / "files"], cache_dir, repairs))
    _fc_list(config, "")  # fill fontconfig's cache now, so that no render pays for it
    return config


def _disowned(file: Path, blanks: frozenset[int]) -> str:
    """The rule that takes characters away from a font file."""
    if not blanks:
        return ""
    codes = "".join(f"<int>{code}</int>" for code in sorted(blanks))
    return (
        f'<match target="scan"><test name="file"><string>{escape(str(file))}</string></test>'
        '<edit name="charset" mode="assign"><minus><name>charset</name>'
        f"<charset>{codes}</charset></minus></edit></match>"
    )


def _config(folders: Iterable[Path], cache_dir: Path, repairs: str = "") -> str:
    places = "".join(f"<dir>{escape(str(folder.resolve()))}</dir>" for folder in folders)
    # Fandol's Bold files declare regular weight; without the repair Bold is chosen for Regular text.
    repairs += "".join(
        f'<match target="scan"><test name="fullname"><string>{name}</string></test>'
        '<edit name="weight" mode="assign"><const>bold</const></edit></match>'
        for name in ("FandolSong Bold", "FandolHei Bold")
    )
    cache = escape(str((cache_dir / "fontconfig").resolve()))
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n'
        f"<fontconfig>{places}<cachedir>{cache}</cachedir>{repairs}</fontconfig>\n"
    )


def _write(path: Path, text: str) -> None:
    """Replace a file in one step: several workers may start together."""
    if path.exists() and path.read_text("utf-8") == text:
        return
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def _song_metrics(face: Face) -> tuple[float, float]:
    """Where the page number's baseline and dash lie, in em; the standard places the dash (GB/T 9704 7.5)."""
    with TTFont(face.file, fontNumber=face.index, lazy=True) as font:
        em, header = font["head"].unitsPerEm, font["hhea"]
        # The text engine takes magnitudes: one open Song face stores its descent with the wrong sign.
        ascent, descent = abs(header.ascent) / em, abs(header.descent) / em
        glyphs, name = font.getGlyphSet(), font.getBestCmap().get(ord("—"))
        pen = BoundsPen(glyphs)
        if name:
            glyphs[name].draw(pen)
    dash = (pen.bounds[1] + pen.bounds[3]) / 2 / em if pen.bounds else 0.3
    return (1 + ascent - descent) / 2, dash
