"""Which post somebody held on a day, and what a correction of posts would change in what is recorded. Pure.

Nothing here changes anything: an instruction keeps the class it was recorded with until somebody corrects it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Held:
    """A post as plain values. `who` names the person: a user of the office, or somebody known by name only."""

    id: int
    who: str
    post: str
    klass: str
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it was held on a day; both ends count."""
        return self.since <= day and (self.until is None or day <= self.until)

    def meets(self, other: "Held") -> bool:
        """Whether some day lies in both."""
        return (other.until is None or self.since <= other.until) and (
            self.until is None or other.since <= self.until
        )


@dataclass(frozen=True)
class NewPost:
    """A post as entered. The name is the account's when there is one."""

    name: str
    post: str
    leader_class: str
    since: date
    until: date | None = None
    user_id: int | None = None


@dataclass(frozen=True)
class Kept:
    """What an instruction was recorded with. `post_id` is the post it was taken from, if any."""

    id: int
    who: str
    on: date
    klass: str
    post: str = ""
    post_id: int | None = None


@dataclass(frozen=True)
class Difference:
    """An instruction that does not agree with the posts: what they would say now (None: no post on that day)."""

    id: int
    was: tuple[str, str]
    now: tuple[str, str] | None


def who_is(user_id: int | None, name: str) -> str:
    """How a person is named here: by account if there is one, else by name."""
    return f"user:{user_id}" if user_id else f"name:{''.join(name.split())}"


def held_on(posts: Iterable[Held], who: str, day: date) -> list[Held]:
    """The posts a person held on a day, those held longest first."""
    return sorted((p for p in posts if p.who == who and p.covers(day)), key=lambda p: (p.since, p.id))


def clashes(posts: Iterable[Held], new: Held) -> list[Held]:
    """The same post of the same person held at the same time: entered twice. Several different posts are right."""
    return [p for p in posts if p.id != new.id and (p.who, p.post) == (new.who, new.post) and p.meets(new)]


def chosen(posts: Sequence[Held], kept: Kept) -> Held | None:
    """The post an instruction belongs to on its day: its own if that still covers the day, else one with the same
    words, else the first held."""
    held = held_on(posts, kept.who, kept.on)
    own = [p for p in held if p.id == kept.post_id]
    same = [p for p in held if (p.klass, p.post) == (kept.klass, kept.post)]
    return next(iter([*own, *same, *held]), None)


def differences(posts: Sequence[Held], recorded: Iterable[Kept]) -> list[Difference]:
    """The recorded instructions that no longer agree with the posts.

    One that was never taken from a post is only told of when a post covers its day and says another class.
    """
    found = []
    for kept in recorded:
        post = chosen(posts, kept)
        if post is None:
            if kept.post_id is not None:
                found.append(Difference(kept.id, (kept.post, kept.klass), None))
        elif post.klass != kept.klass or (kept.post_id is not None and post.post != kept.post):
            found.append(Difference(kept.id, (kept.post, kept.klass), (post.post, post.klass)))
    return found


def changed_by(before: Sequence[Held], after: Sequence[Held], recorded: Sequence[Kept]) -> list[Difference]:
    """What a correction would newly put at odds: not what was at odds before."""
    known = {(each.id, each.now) for each in differences(before, recorded)}
    return [each for each in differences(after, recorded) if (each.id, each.now) not in known]
