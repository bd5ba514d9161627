"""Long documents are turned into further formats in the background; the file is kept, so that the next one gets it at once.

Nothing is written before the file is finished: a job that is killed is done anew, one that is cancelled leaves nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core import jobs
from core.actors import Actor
from core.documents import derived, store
from core.documents.derived import Printed
from core.documents.rendering.converter import LIMITS_OF_JOBS
from core.errors import RenderError
from core.hookspecs import DocumentFormat, JobKind
from core.jobs.models import Job

KIND = "documents.format"
# So many pages take about a second; nobody's request waits for more.
SHORT = 50


def is_ready(document: Printed, form: DocumentFormat) -> bool:
    """Whether the file can be given at once: it is kept already, or quickly made."""
    return document.pages <= SHORT or derived.is_kept(document, form)


@dataclass(frozen=True)
class Making:
    """The background work for one sort of documents: the kind of its jobs, its title, the right it needs.

    `find` reads a document for somebody or raises NotFound; `address` is where its file is fetched, with the places
    {document} and {format}.
    """

    kind: str
    title: str
    permission: str
    find: Callable[[Actor, int], Printed]
    address: str

    @property
    def job(self) -> JobKind:
        """The kind of job; whoever has the documents gives it to the hook `job_kinds`."""
        return JobKind(self.kind, self.title, self.run, self.permission)

    def start(self, actor: Actor, document: Printed, form: DocumentFormat) -> Job:
        """Make the file in the background; asked for once more meanwhile, the person gets the job there is."""
        title = f"转换为 {form.title}：{document}"
        args = {"document": document.id, "format": form.name}
        key = f"{document.id}:{form.name}:{actor.id}"
        return jobs.start(actor, self.kind, title, args, office_id=actor.office_id, key=key)

    def run(self, task: jobs.Task) -> jobs.Result:
        """The job. The reader's rights are those of this moment, and are looked at again when the file is fetched."""
        document = self.find(task.who, task.args["document"])
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
        url = self.address.format(document=document.id, format=form.name)
        return jobs.Result(
            url=url, message=f"{form.title} 文件已备好（{size / 1024 / 1024:.1f} MB），共 {pages} 页"
        )


def _document(actor: Actor, document_id: int) -> Printed:
    return store.document(actor, document_id)


ISSUED = Making(KIND, "转换文件格式", "document.view", _document, "/documents/{document}/formats/{format}")
JOBS = (ISSUED.job,)
