"""Forms of instructions."""

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from core.accounts.models import User
from core.packs.outlets import OutletTree
from core.web import Form, choices, no_control_characters
from plugins.instructions.section import Instructions
from plugins.instructions.services import MAX_TEXT, NewInstruction


class RecordForm(Form):
    """An instruction as a leader or an editor enters it."""

    leader_id = SelectField("批示领导", [Optional()], default="")
    leader_name = StringField("领导姓名", [Length(max=40), no_control_characters])
    leader_post = StringField("领导职务", [Length(max=60), no_control_characters])
    leader_class = SelectField("领导类别", [DataRequired("请选择领导类别")])
    kind = SelectField("种类", [DataRequired("请选择种类")])
    carrier = SelectField("批示载体", [Optional()], default="")
    on = DateField("批示日期", [DataRequired("请填写批示日期")])
    text = TextAreaField("批示内容", [Length(max=MAX_TEXT * 2)])

    def offer(self, words: Instructions, outlets: OutletTree, leaders: list[User]) -> "RecordForm":
        """Fill the choices from the pack and the office. No leaders: the writer's own instruction."""
        self.kind.choices = choices((kind.id, kind.title) for kind in words.kinds)
        self.leader_class.choices = choices(
            (each.id, f"{each.title}（{outlets.levels[each.level]}）") for each in words.classes
        )
        self.carrier.choices = choices(
            [("", "（未注明）"), *((node, outlets.title(node)) for node in outlets.nodes)]
        )
        named = (
            (str(user.id), f"{user.name}（{user.post}）" if user.post else user.name) for user in leaders
        )
        self.leader_id.choices = choices([("", "（不在名单中，手工填写）"), *named])
        return self

    def instruction(self, submission_id: int, leader_id: int | None) -> NewInstruction:
        """Values for the service; `leader_id` is the writer when leaders record their own."""
        chosen = leader_id or (int(self.leader_id.data) if self.leader_id.data else None)
        return NewInstruction(
            submission_id=submission_id, leader_class=self.leader_class.data, kind=self.kind.data, on=self.on.data,
            text=self.text.data or "", leader_id=chosen, leader_name=self.leader_name.data or "",
            leader_post=self.leader_post.data or "", carrier=self.carrier.data or "",
        )  # fmt: skip
