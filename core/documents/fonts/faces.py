"""Which fonts official documents ask for, and which open ones may stand in.

Order decides: the official faces (GB/T 9704-2012 5.2.2, 7.2 to 7.5) under the names their makers gave them,
then open faces of the same kind. The first one installed is used.
"""

from dataclasses import dataclass

REGULAR, BOLD = 400, 700


@dataclass(frozen=True)
class Wanted:
    """A role of the standard: its Chinese name, official families first, open stand-ins after."""

    label: str
    official: tuple[str, ...]
    stand_ins: tuple[tuple[str, int], ...]
    backup: str = "fallback"


ROLES = {
    "fang": Wanted(
        "仿宋（正文）",
        (
            "仿宋_GB2312",
            "FangSong_GB2312",
            "方正仿宋_GB2312",
            "方正仿宋_GBK",
            "仿宋",
            "FangSong",
            "STFangsong",
        ),
        (
            ("Zhuque Fangsong (technical preview)", REGULAR),
            ("Zhuque Fangsong", REGULAR),
            ("FandolFang", REGULAR),
        ),
        backup="fallback_kai",
    ),
    "kai": Wanted(
        "楷体（二级标题）",
        ("楷体_GB2312", "KaiTi_GB2312", "方正楷体_GB2312", "方正楷体_GBK", "楷体", "KaiTi", "STKaiti"),
        (("FandolKai", REGULAR), ("LXGW WenKai", REGULAR), ("AR PL UKai CN", REGULAR)),
        backup="fallback_kai",
    ),
    "hei": Wanted(
        "黑体（一级标题）",
        ("黑体", "SimHei", "方正黑体_GBK", "方正黑体简体", "STHeiti"),
        (("FandolHei", REGULAR), ("Noto Sans CJK SC", REGULAR), ("Source Han Sans SC", REGULAR)),
        backup="fallback_hei",
    ),
    "title": Wanted(
        "小标宋（标题、发文机关标志）",
        (
            "方正小标宋简体",
            "FZXiaoBiaoSong-B05S",
            "方正小标宋_GBK",
            "FZXiaoBiaoSong-B05",
            "华文中宋",
            "STZhongsong",
        ),
        (("FandolSong", BOLD), ("Noto Serif CJK SC", BOLD), ("Source Han Serif SC", BOLD)),
        backup="fallback_title",
    ),
    "song": Wanted(
        "宋体（页码）",
        ("宋体", "SimSun", "方正书宋_GBK", "STSong"),
        (("FandolSong", REGULAR), ("Noto Serif CJK SC", REGULAR), ("Source Han Serif SC", REGULAR)),
    ),
    "latin": Wanted(
        "西文（数字、字母）",
        ("Times New Roman",),
        (("Liberation Serif", REGULAR), ("Tinos", REGULAR), ("TeX Gyre Termes", REGULAR)),
    ),
}
# Wide character sets behind the faces above: names hold characters that no Fangsong has (堃 喆 䶮 𠮷 …).
BACKUPS = {
    "fallback": Wanted(
        "罕用字",
        (),
        (
            ("Noto Serif CJK SC", REGULAR),
            ("Source Han Serif SC", REGULAR),
            ("LXGW WenKai", REGULAR),
            ("SimSun-ExtB", REGULAR),
            ("Noto Sans CJK SC", REGULAR),
        ),
    ),
    # A pen's strokes among a pen's strokes: the heavy Song of the face above stands out in Fangsong and Kai.
    "fallback_kai": Wanted(
        "罕用字（仿宋、楷体）", (), (("AR PL UKai CN", REGULAR), ("LXGW WenKai", REGULAR))
    ),
    "fallback_hei": Wanted(
        "罕用字（黑体）", (), (("Noto Sans CJK SC", REGULAR), ("Source Han Sans SC", REGULAR))
    ),
    "fallback_title": Wanted(
        "罕用字（标题）", (), (("Noto Serif CJK SC", BOLD), ("Source Han Serif SC", BOLD))
    ),
}
