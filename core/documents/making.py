"""Long documents are turned into further formats in the background; the file is kept, so that the next one gets it at once.

Nothing is written before the file is finished: a job that is killed is done anew, one that is cancelled leaves nothing.
"""

from core import jobs
from core.actors import Actor
from core.documents import derived, store
from core.documents.converter import LIMITS_OF_JOBS
from core.documents.models import IssuedDocument
from core.errors import RenderError
from core.hookspecs import DocumentFormat, JobKind
from core.jobs.models import Job

KIND = "documents.format"
# So many pages take about a second; nobody's request waits for more.
SHORT = 50


def is_ready(document: IssuedDocument, form: DocumentFormat) -> bool:
    """Whether the file can be given at once: it is kept already, or quickly made."""
    return document.pages <= SHORT or derived.is_kept(document, form)


def start(actor: Actor, document: IssuedDocument, form: DocumentFormat) -> Job:
    """Make the file in the background; asked for once more meanwhile, the person gets the job there is."""
    title = f"转换为 {form.title}：{document.title}{document.number}"
    args = {"document": document.id, "format": form.name}
    key = f"{document.id}:{form.name}:{actor.id}"
    return jobs.start(actor, KIND, title, args, office_id=actor.office_id, key=key)


def run(task: jobs.Task) -> jobs.Result:
    """The job. The reader's rights are those of this moment, and are looked at again when the file is fetched."""
    document = store.document(task.who, task.args["document"])
    form = derived.format_named(task.args["format"])
    pages = document.pages
    task.progress(0, pages, "正在转换")

    def told(page: int) -> None:
        task.progress(min(page, pages), pages, "正在转换" if page < pages else "正在写入文件")

    size = len(derived.in_format(document, form, LIMITS_OF_JOBS, told))
    if not derived.is_kept(document, form):
        raise RenderError(
            f"{form.title} 文件已转换，但没有存下",
            reason="数据目录不能写入或磁盘已满",
            advice="请联系系统管理员处理后重新执行",
        )
    url = f"/documents/{document.id}/formats/{form.name}"
    return jobs.Result(
        url=url, message=f"{form.title} 文件已备好（{size / 1024 / 1024:.1f} MB），共 {pages} 页"
    )


JOBS = (JobKind(KIND, "转换文件格式", run, "document.view"),)
