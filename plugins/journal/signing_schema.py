"""The steps of signature as the pack names them: 核稿、审核、签发, who takes each, which may be left out. Pure."""

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field

from core.errors import PackError
from core.packs.content.fields import Id, Many, PackModel, Title
from core.packs.content.format import Pack
from core.packs.content.sections import Place, ids, repeated, titles
from plugins.journal.rights import CHECKERS, ISSUERS

Urgency = Literal["平急", "加急", "特急", "特提"]


class SignStep(PackModel):
    """A step: whoever holds one of the roles, and where posts are named one of these, may take it."""

    id: Id
    title: Annotated[Title, Field(max_length=10)]
    roles: Many[Id] = ()
    posts: Many[Title] = ()
    # Urgency marks under which the editor may leave the step out.
    optional_when: Many[Urgency] = ()


class SignOff(PackModel):
    """How an issue is signed: its steps in order, the last of which publishes it."""

    steps: Annotated[Many[SignStep], Field(min_length=1, max_length=8)] = (SignStep(id="sign", title="签发"),)
    # Whether one person may take several steps; composers never take any.
    same_person: bool = False
    # Working days in which somebody else approves what was published in a hurry.
    approve_within: Annotated[int, Field(ge=1, le=30)] = 1

    def holders(self, number: int) -> Sequence[str]:
        """The roles that take a step: those the pack names, else all that have the right."""
        last = number == len(self.steps) - 1
        return self.steps[number].roles or (ISSUERS if last else CHECKERS)

    def optional(self, urgency: str) -> list[SignStep]:
        """The steps an editor may leave out of an issue with this mark."""
        return [step for step in self.steps if urgency and urgency in step.optional_when]

    def without(self, left_out: Collection[str]) -> "SignOff":
        """The same without some steps."""
        return self.model_copy(update={"steps": tuple(s for s in self.steps if s.id not in left_out)})


def check(
    pack: Pack, file: str, signings: Sequence[tuple[Place, SignOff, Collection[str]]]
) -> Iterator[PackError]:
    """Steps are told apart, their roles have the right, the last one is never left out, marks exist.

    signings: the place of each in the file, the steps, and the urgency marks the journal may carry.
    """
    for base, found, marks in signings:
        yield from repeated(pack, file, ids(found.steps, *base, "steps"), "审签步骤标识")
        yield from repeated(pack, file, titles(found.steps, *base, "steps"), "审签步骤名称")
        for n, step in enumerate(found.steps):
            last, at = n == len(found.steps) - 1, (*base, "steps", n)
            able = ISSUERS if last else CHECKERS
            for k, role in enumerate(step.roles):
                if role not in able:
                    yield PackError(
                        f"角色“{role}”不能办理“{step.title}”", where=pack.where(file, (*at, "roles", k)),
                        reason="最后一步就是签发，须由有签发权的角色办理" if last else "这一角色没有审核刊物的权限",
                        advice=f"可选：{'、'.join(able)}",
                    )  # fmt: skip
            if last and step.optional_when:
                yield PackError(
                    f"最后一步“{step.title}”不能省去", where=pack.where(file, (*at, "optional_when")),
                    reason="最后一步办结即编号刊发", advice="请删去这一行",
                )  # fmt: skip
            for k, mark in enumerate(step.optional_when):
                if mark not in marks:
                    yield PackError(
                        f"这一刊物不会标注“{mark}”", where=pack.where(file, (*at, "optional_when", k)),
                        reason="marks 的 urgency 中没有它",
                        advice=f"可选：{'、'.join(marks)}" if marks else "请先写明 marks",
                    )  # fmt: skip
