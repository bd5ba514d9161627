"""OFD 版式文件：已印发文书可下载为国家标准版式文件（GB/T 33190），版面与 PDF 一致，文字可检索、可复制。"""

from core.hookspecs import DocumentFormat, hookimpl

TITLE = "OFD 版式文件"


@hookimpl
def document_formats() -> list[DocumentFormat]:
    """OFD, made from the issued PDF."""
    return [DocumentFormat("ofd", "OFD", "ofd", "application/ofd", "plugins.ofd.convert:ofd")]
