"""Who may bring which version: state, policy, and what came before."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.packs.files.keys import new_key
from core.packs.files.listing import Listing
from core.packs.files.signing import sign
from core.packs.trust import (
    Installed,
    Policy,
    State,
    TrustedKey,
    continues,
    refused_history,
    refused_signature,
    state_of,
)

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
OURS, NEW, STRANGER = new_key("我省"), new_key("我省新密钥"), new_key("生人")
K, N, S = (key.public.id for key in (OURS, NEW, STRANGER))
KEYS = {K: TrustedKey(OURS.public)}
LISTING = b"list"


def signed(key):
    return sign(key, LISTING, WHEN)


def key(private, **values):
    return {private.public.id: TrustedKey(private.public, **values)}


@pytest.mark.parametrize(
    ("signature", "keys", "state"),
    [
        (None, KEYS, State.UNSIGNED),
        (signed(OURS), KEYS, State.TRUSTED),
        (signed(OURS), {}, State.UNKNOWN),
        (signed(STRANGER), KEYS, State.UNKNOWN),
        (signed(OURS), key(OURS, revoked=True), State.UNKNOWN),
        (replace(signed(OURS), value=bytes(64)), KEYS, State.CHANGED),
        (replace(signed(STRANGER), key=OURS.public), KEYS, State.CHANGED),
    ],
)
def test_states(signature, keys, state):
    assert state_of(signature, LISTING, keys) is state


@pytest.mark.parametrize(
    ("policy", "accepted"),
    [
        (Policy.TRUSTED, {State.TRUSTED}),
        (Policy.UNKNOWN, {State.TRUSTED, State.UNKNOWN}),
        (Policy.UNSIGNED, {State.TRUSTED, State.UNKNOWN, State.UNSIGNED}),
    ],
)
def test_policies(policy, accepted):
    bearers = {
        State.TRUSTED: signed(OURS), State.UNKNOWN: signed(STRANGER), State.UNSIGNED: None, State.CHANGED: signed(OURS),
    }  # fmt: skip

    assert {
        s for s, bearer in bearers.items() if refused_signature(bearer, s, KEYS, policy) is None
    } == accepted


def test_a_revoked_key_is_refused_whatever_the_policy():
    keys = key(OURS, revoked=True)

    error = refused_signature(signed(OURS), State.UNKNOWN, keys, Policy.UNSIGNED)

    assert error and "已被撤销" in str(error) and "我省" in str(error)


def listing(version="1.1.0", digest="d2"):
    return Listing("city", version, digest, ())


BEFORE_SIGNED = [Installed("1.0.0", "d1", K)]
BEFORE_UNSIGNED = [Installed("1.0.0", "d1")]


@pytest.mark.parametrize(
    ("new", "key_id", "installed", "why"),
    [
        (listing(), "", [], None),
        (listing(), K, [], None),
        (listing(), "", BEFORE_UNSIGNED, None),
        (listing(), K, BEFORE_UNSIGNED, None),
        (listing(), K, BEFORE_SIGNED, None),
        (listing(), "", BEFORE_SIGNED, "签名被去掉"),
        (listing(), S, BEFORE_SIGNED, "换了签名人"),
        (listing("0.9.0"), K, BEFORE_SIGNED, "比已安装的旧"),
        (listing("0.9.0"), "", BEFORE_UNSIGNED, "比已安装的旧"),
        # numbers, not letters; a missing place is a zero
        (listing("1.10.0"), K, [Installed("1.9.0", "d1", K)], None),
        (listing("1.9"), K, [Installed("1.10.0", "d1", K)], "比已安装的旧"),
        # the very version that is here
        (listing("1.0.0", "d1"), K, BEFORE_SIGNED, None),
        (listing("1.0.0", "d1"), "", BEFORE_SIGNED, "签名被去掉"),
        (listing("1.0.0", "d1"), S, BEFORE_SIGNED, "换了签名人"),
        (listing("1.0.0", "d1"), K, BEFORE_UNSIGNED, None),
        # an older one that is here, too
        (listing("1.0.0", "d1"), K, [*BEFORE_SIGNED, Installed("2.0.0", "d3", K)], None),
        (listing("1.0.0", "other"), K, [*BEFORE_SIGNED, Installed("2.0.0", "d3", K)], "比已安装的旧"),
        # signed once, never unsigned again
        (listing("3.0.0"), "", [Installed("1.0.0", "d1"), Installed("2.0.0", "d2", K)], "签名被去掉"),
        (listing("3.0.0"), S, [Installed("1.0.0", "d1", S), Installed("2.0.0", "d2", K)], "换了签名人"),
    ],
    # Keys are new in every run, and workers must name the cases alike.
    ids=[f"case {n}" for n in range(1, 20)],
)
def test_a_version_continues_what_is_installed(new, key_id, installed, why):
    error = refused_history(new, key_id, installed, KEYS)

    assert (error is None) if why is None else (error and why in str(error))


def test_a_folder_of_the_machine_may_repeat_a_signed_version_but_not_replace_it():
    assert refused_history(listing("1.0.0", "d1"), "", BEFORE_SIGNED, KEYS, local=True) is None
    assert "签名被去掉" in str(refused_history(listing(), "", BEFORE_SIGNED, KEYS, local=True))


def test_a_new_key_carries_on_when_the_administrator_says_so():
    said = {**key(OURS, revoked=True), **key(NEW, replaces=K)}

    assert refused_history(listing(), N, BEFORE_SIGNED, said) is None
    assert "换了签名人" in str(refused_history(listing(), N, BEFORE_SIGNED, {**KEYS, **key(NEW)}))
    assert "换了签名人" in str(
        refused_history(listing(), N, BEFORE_SIGNED, key(NEW, replaces=K, revoked=True))
    )


def test_keys_may_follow_each_other_but_not_in_a_circle():
    chain = {**key(STRANGER, replaces=N), **key(NEW, replaces=K, revoked=True)}
    circle = {**key(STRANGER, replaces=N), **key(NEW, replaces=S)}

    assert continues(S, K, chain) and not continues(S, K, circle) and not continues(K, S, chain)
