"""Passwords: the policy, how they are hashed, one-time passwords."""

import pytest
from argon2 import Type, extract_parameters
from argon2.exceptions import VerifyMismatchError

from core.accounts import passwords
from core.errors import InvalidInput

GOOD = "Jinbao-2026"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Ab1-short", "太短"),
        ("x" * 125 + "Aa1-", "太长"),
        ("alllowercase", "过于简单"),
        ("lowercase1234", "过于简单"),
        ("1234567890", "过于简单"),
        ("Zhang.San-2026", "容易被猜到"),
        ("ZHANG.SAN-2026a", "容易被猜到"),
        ("Aa1-Aa1-Aa1-", "容易被猜到"),
        ("", "太短"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason_and_advice(app, password, reason):
    with pytest.raises(InvalidInput, match=reason) as refused:
        passwords.check(password, login="zhang.san")

    assert refused.value.where == "新密码" and refused.value.advice


@pytest.mark.parametrize(
    "password", [GOOD, "要情系统Aa2026密码", "correct Horse 7 battery", "𠮷野家Aa-12345"]
)
def test_a_good_password_passes(app, password):
    passwords.check(password, login="zhang.san")


def test_the_shortest_length_is_a_setting(make_app):
    with make_app(PASSWORD_LENGTH=16).app_context(), pytest.raises(InvalidInput, match="不少于 16 位"):
        passwords.check(GOOD, login="zhang.san")


def test_the_old_password_is_not_a_new_one(app):
    with pytest.raises(InvalidInput, match="不能与原密码相同"):
        passwords.check(GOOD, login="zhang.san", previous_hash=passwords.hashed(GOOD))


def test_only_the_right_password_matches():
    kept = passwords.hashed(GOOD)

    assert passwords.matches(kept, GOOD)
    assert not passwords.matches(kept, GOOD + " ")
    assert not passwords.matches(None, GOOD)
    assert not passwords.matches(None, "nobody")
    assert not passwords.matches("not a hash", GOOD)
    assert passwords.hashed(GOOD) != kept


def test_one_time_passwords_differ_meet_the_policy_and_are_readable(app):
    made = {passwords.one_time() for _ in range(200)}

    assert len(made) == 200
    for password in made:
        passwords.check(password, login="zhang.san")
        assert not set(password) & set("0O1lI")


def test_the_real_hashing_is_argon2id_as_strong_as_recommended(cheap_passwords):
    hasher, _ = cheap_passwords

    found = extract_parameters(hasher.hash(GOOD))

    assert found.type is Type.ID
    assert found.memory_cost >= 47_104 or (found.memory_cost >= 19_456 and found.time_cost >= 2)


def test_a_missing_account_is_verified_at_the_full_cost(cheap_passwords):
    hasher, nobody = cheap_passwords

    for cost in ("type", "memory_cost", "time_cost", "parallelism"):
        assert getattr(extract_parameters(nobody), cost) == getattr(hasher, cost)
    with pytest.raises(VerifyMismatchError):
        hasher.verify(nobody, GOOD)
