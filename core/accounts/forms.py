"""Forms of accounts: what is typed, checked and turned into values for the services."""

from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import EqualTo, InputRequired, Length, Optional, ValidationError

from core.accounts.models import UNIT_KINDS
from core.web import Form, choices, no_control_characters

LINE = no_control_characters


def _place_in_order(form: Form, field: IntegerField) -> None:
    # The library's own NumberRange breaks on a number of some hundred digits.
    if field.data is not None and not 0 <= field.data <= 99999:
        raise ValidationError("请输入 0 至 99999 的整数")


class LoginForm(Form):
    """Signing in."""

    login = StringField("登录名", [InputRequired("请输入登录名"), Length(max=40), LINE])
    password = PasswordField("密码", [InputRequired("请输入密码"), Length(max=128)])
    next = HiddenField()


class PasswordForm(Form):
    """Changing one's own password."""

    old = PasswordField("原密码", [InputRequired("请输入原密码"), Length(max=128)])
    new = PasswordField("新密码", [InputRequired("请输入新密码"), Length(max=128)])
    again = PasswordField(
        "再次输入新密码", [InputRequired("请再次输入新密码"), EqualTo("new", "两次输入的新密码不一致")]
    )


class UserForm(Form):
    """A person's particulars."""

    login = StringField("登录名", [InputRequired("请输入登录名"), Length(max=40), LINE])
    name = StringField("姓名", [InputRequired("请输入姓名"), Length(max=40), LINE])
    post = StringField("职务", [Length(max=60), LINE])
    expires_on = DateField("账号有效期至", [Optional()])
    disabled = BooleanField("停用账号")
    version = HiddenField()


class UnitForm(Form):
    """A unit's particulars."""

    name = StringField("单位名称", [InputRequired("请输入单位名称"), Length(max=80), LINE])
    short_name = StringField("简称", [Length(max=30), LINE])
    kind = SelectField("单位类别", choices=choices(UNIT_KINDS.items()))
    group = StringField("参评分组", [Length(max=40), LINE])
    unit_class = StringField("分类", [Length(max=40), LINE])
    parent_id = SelectField("上级单位", coerce=int)
    host_id = SelectField("所在地单位", coerce=int)
    sort_no = IntegerField("排列序号", [Optional(), _place_in_order], default=0)
    head = StringField("负责人", [Length(max=40), LINE])
    optional = BooleanField("自愿参加，不作任务要求")
    valid_from = DateField("设立日期", [Optional()])
    valid_to = DateField("撤销日期", [Optional()])
    attributes = TextAreaField("其他属性", [Length(max=2000)])
    version = HiddenField()

    def values(self) -> dict[str, Any]:
        """Values for `units.create_unit` and `units.change_unit`."""
        names = (
            "name",
            "short_name",
            "kind",
            "group",
            "unit_class",
            "sort_no",
            "head",
            "optional",
            "valid_from",
            "valid_to",
        )
        found = {name: self[name].data for name in names}
        found["parent_id"], found["host_id"] = self.parent_id.data or None, self.host_id.data or None
        return {**found, "attributes": parsed_attributes(self.attributes.data or "")}


def parsed_attributes(typed: str) -> dict[str, str]:
    """Lines `名称=值` as a dict; lines without an equals sign get an empty value."""
    pairs = (line.replace("＝", "=").partition("=") for line in typed.splitlines() if line.strip())
    return {key.strip()[:40]: value.strip()[:200] for key, _, value in pairs}


def shown_attributes(attributes: dict[str, Any]) -> str:
    """The reverse of `parsed_attributes`."""
    return "\n".join(f"{key}={value}" for key, value in attributes.items())
