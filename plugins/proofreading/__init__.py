"""校对：检查信息的标点、日期、数字、层次序号、错别字和用语，结果列在信息旁边；本地的词表和名单写在规则包里。"""

from core.hookspecs import Remark, hookimpl
from core.packs.format import Section
from core.submissions.models import Submission
from plugins.proofreading import remarks, section

TITLE = "校对"


@hookimpl
def pack_sections() -> list[Section]:
    """proofreading.yaml: word lists, names, styles and limits of an office."""
    return [section.SECTION]


@hookimpl
def content_checks(submission: Submission) -> list[Remark]:
    """What the checks find in the text of an item."""
    return remarks.remarks(submission)
