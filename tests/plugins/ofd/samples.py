"""A page with everything a page may show, and the pictures it uses; OFD files taken apart and put together again."""

import io
import zipfile
from collections.abc import Callable

from lxml import etree
from PIL import Image, ImageDraw

from core.documents.fonts.font_set import FontSet

NAMESPACE = "http://www.ofdspec.org/2016"
CLEAR, RED, BLUE = (0, 0, 0, 0), (220, 0, 0, 255), (0, 0, 220, 255)


def _seal(mode: str, form: str) -> bytes:
    picture = Image.new(mode, (120, 120), CLEAR if mode == "RGBA" else "white")
    ImageDraw.Draw(picture).ellipse((5, 5, 115, 115), outline=RED[: len(mode)], fill=None, width=10)
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


_STAR = "50,5 61,39 98,39 68,60 79,95 50,73 21,95 32,60 2,39 39,39"
PICTURES = {
    "seal.png": _seal("RGBA", "PNG"),
    "photo.jpg": _seal("RGB", "JPEG"),
    "chart.png": _seal("RGB", "PNG"),
    "gradient.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><linearGradient id="g"><stop offset="0" '
        'stop-color="red"/><stop offset="1" stop-color="blue"/></linearGradient></defs>'
        '<circle cx="50" cy="50" r="40" fill="url(#g)"/></svg>'
    ).encode(),
    "star.svg": (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><polygon points="{_STAR}" fill="#d00" stroke="black" '
        'stroke-width="2" stroke-dasharray="4 2" fill-rule="evenodd"/><g transform="rotate(30 50 50)"><rect x="30" y="30" '
        'width="40" height="40" fill="none" stroke="green" stroke-width="3" stroke-linejoin="round"/></g>'
        '<path d="M10 80 Q 50 20 90 80" fill="none" stroke="#00f" stroke-linecap="round" stroke-width="2"/></svg>'
    ).encode(),
}


def page(fonts: FontSet) -> str:
    """Two sheets: pictures, vector drawings, transparency, clips, turned and squeezed text, Latin, rare characters."""
    return f"""<html lang="zh-CN"><head><title>特征</title><style>
@page {{ size: 210mm 297mm; margin: 20mm }} @page wide {{ size: A3 landscape }}
body {{ font-family: {fonts.stack("fang")}; font-size: 16pt }} .wide {{ page: wide; break-before: page }}
.latin {{ font-family: 'Liberation Serif' }}
</style></head><body><h1>特征测试</h1>
<p>印章<img src="asset:seal.png" style="width:30mm">照片<img src="asset:photo.jpg" style="width:30mm">
<img src="asset:chart.png" style="width:20mm;transform:rotate(20deg)"></p>
<p><img src="asset:gradient.svg" style="width:30mm"><img src="asset:star.svg" style="width:30mm"></p>
<p style="opacity:.4">半透明文字</p><p style="color:rgba(0,0,255,.5)">蓝色文字</p>
<p style="border:2mm solid red;border-bottom:3mm double blue;border-radius:5mm;width:60mm">圆角边框</p>
<div style="width:40mm;height:12mm;overflow:hidden;white-space:nowrap">剪裁的文字延伸到外面去了看不见</div>
<p class="latin">office waffle fluffy AVAVA final e&#x301;</p>
<p>𠮷野家䶮㎡①Ⅷ“中文”……——</p>
<p style="letter-spacing:3pt;text-decoration:underline">加字距下划线</p>
<div style="transform:rotate(90deg);width:40mm">旋转九十度</div>
<div style="transform:scaleX(.8);width:80mm">压扁的标志</div>
<div style="background:linear-gradient(to right,red,yellow);width:100mm;height:10mm">渐变背景上的字</div>
<p>水H<sub>2</sub>O <b style="font-weight:600">仿宋加粗</b></p>
<div class="wide"><h2>横向附件</h2><p>最后一页</p></div></body></html>"""


def parts(ofd: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(ofd)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(ofd: bytes, name: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The file with one part changed, or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for part, content in parts(ofd).items():
            content = change(content) if part == name else content
            if content is not None:
                package.writestr(part, content)
    return out.getvalue()


def page_root(ofd: bytes, number: int) -> etree._Element:
    return etree.fromstring(parts(ofd)[f"Doc_0/Pages/Page_{number}/Content.xml"])


def objects(root: etree._Element, kind: str) -> list[etree._Element]:
    return list(root.iter(f"{{{NAMESPACE}}}{kind}"))
