"""Forms of instructions and of leaders' posts."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from wtforms import (
    DateField,
    HiddenField,
    MultipleFileField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.accounts.models import Unit, User
from core.packs.content.outlets import OutletTree
from core.web import Form, choices, no_control_characters
from plugins.instructions.holding import NewPost
from plugins.instructions.models import LeaderPost
from plugins.instructions.resolving import MAX_TEXT, NewInstruction
from plugins.instructions.section import Instructions

POST = "post:"
BY_POST = ("", "（按当日任职）")


class RecordForm(Form):
    """An instruction as a leader or an editor enters it."""

    leader_id = SelectField("批示领导", [Optional()], default="")
    leader_name = StringField("领导姓名", [Length(max=40), no_control_characters])
    leader_post = StringField("领导职务", [Length(max=60), no_control_characters])
    leader_class = SelectField("领导类别", [Optional()], default="")
    kind = SelectField("种类", [DataRequired("请选择种类")])
    carrier = SelectField("批示载体", [Optional()], default="")
    on = DateField("批示日期", [DataRequired("请填写批示日期")])
    text = TextAreaField("批示内容", [Length(max=MAX_TEXT * 2)])
    item_ids = SelectMultipleField("计分条目", coerce=int)
    asked_unit_ids = SelectMultipleField("承办单位", coerce=int)
    scans = MultipleFileField("扫描件")

    def offer(self, words: Instructions, outlets: OutletTree, units: Iterable[Unit]) -> "RecordForm":
        """Fill the choices from the pack and the office."""
        self.kind.choices = choices((kind.id, kind.title) for kind in words.kinds)
        classes = ((each.id, f"{each.title}（{outlets.levels[each.level]}）") for each in words.classes)
        self.leader_class.choices = choices([BY_POST, *classes])
        self.carrier.choices = choices(
            [("", "（未注明）"), *((node, outlets.title(node)) for node in outlets.nodes)]
        )
        self.asked_unit_ids.choices = choices((unit.id, unit.short) for unit in units)
        self.item_ids.choices = []
        return self

    def offer_leaders(self, posts: Sequence[LeaderPost], users: Iterable[User], today: date) -> None:
        """Leaders by their posts, users without one by their account; for editors a name may be typed as well."""
        known = {post.user_id for post in posts}
        named = [
            (f"{POST}{post.id}", f"{post}{'（已离任）' if post.until and post.until < today else ''}")
            for post in posts
        ]
        named += [
            (str(user.id), f"{user.name}（{user.post}）" if user.post else user.name)
            for user in users
            if user.id not in known
        ]
        self.leader_id.choices = choices([("", "（不在名单中，手工填写）"), *named])

    def offer_own(self, posts: Sequence[LeaderPost]) -> None:
        """The writer's own posts; asked for only when there are several."""
        self.leader_id.choices = choices([("", "（我）"), *((f"{POST}{p.id}", p.post) for p in posts)])

    def offer_items(self, items: Iterable[tuple[int, str]]) -> None:
        """The items of the document."""
        self.item_ids.choices = choices(items)

    def instruction(self, own_id: int | None, **thing: int | None) -> NewInstruction:
        """Values for the service; `own_id` is the writer when leaders record their own."""
        named = self.leader_id.data or ""
        post_id = int(named.removeprefix(POST)) if named.startswith(POST) else None
        user_id = own_id or (int(named) if named and not post_id else None)
        return NewInstruction(
            submission_id=thing.get("submission_id") or 0, document_id=thing.get("document_id"),
            follows_id=thing.get("follows_id"), leader_class=self.leader_class.data or "", kind=self.kind.data,
            on=self.on.data, text=self.text.data or "", leader_id=user_id, post_id=post_id,
            leader_name=self.leader_name.data or "", leader_post=self.leader_post.data or "",
            carrier=self.carrier.data or "", item_ids=tuple(self.item_ids.data or ()),
            asked_unit_ids=tuple(self.asked_unit_ids.data or ()),
        )  # fmt: skip


class PostForm(Form):
    """A leader's post."""

    user_id = SelectField("账号", [Optional()], default="")
    name = StringField("姓名", [Length(max=40), no_control_characters])
    post = StringField("职务", [InputRequired("请填写职务"), Length(max=60), no_control_characters])
    leader_class = SelectField("领导类别", [DataRequired("请选择领导类别")])
    since = DateField("任职起", [DataRequired("请填写任职起日")])
    until = DateField("任职止", [Optional()])
    version = HiddenField()

    def offer(self, words: Instructions, outlets: OutletTree, users: Collection[User]) -> "PostForm":
        """Fill the choices from the pack and the office."""
        self.leader_class.choices = choices(
            (each.id, f"{each.title}（{outlets.levels[each.level]}）") for each in words.classes
        )
        times = Counter(user.name for user in users)
        named = (
            (str(user.id), user.name if times[user.name] == 1 else f"{user.name}（{user.login}）")
            for user in users
        )
        self.user_id.choices = choices([("", "（没有账号，填写姓名）"), *named])
        return self

    def entered(self) -> NewPost:
        """Values for the service."""
        return NewPost(
            self.name.data or "", self.post.data or "", self.leader_class.data, self.since.data, self.until.data,
            int(self.user_id.data) if self.user_id.data else None,
        )  # fmt: skip
