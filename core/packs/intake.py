"""How a pack comes in: opened safely, its signature weighed, the rules inside tried, a refusal put on record.

The signature is weighed before a word of the rules is read. A folder can only be handed in at the machine itself,
where whoever may do that could change the program as well: it needs no signature, but it may not take the place of
a pack that was signed. The same holds for a version made inside this system out of installed ones: only values in
known places differ, and whoever made it cannot activate it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from core import audit
from core.actors import Actor
from core.db import db, transaction
from core.errors import Findings, YaoqingError
from core.packs import keyring
from core.packs.content.format import ExampleResult, Pack
from core.packs.files.listing import Listing
from core.packs.files.signing import Signature
from core.packs.models import PackSignature, PackVersion
from core.packs.parcels import Made, Parcel, Upload, listing_of_pack, matched, opened, read_file
from core.packs.registry import Registry
from core.packs.trust import Installed, Policy, State, refused_history, refused_signature, state_of

MOST_REASON = 300


@dataclass(frozen=True)
class Candidate:
    """A pack that passed its checks and may be installed unless something else comes in first."""

    pack: Pack
    results: list[ExampleResult]
    listing: Listing
    signature: Signature | None
    local: bool


def examined(registry: Registry, source: Path | Upload | Made) -> Candidate:
    """Open a folder or a pack file, weigh its signature, load and try the rules. Raises what is wrong."""
    if isinstance(source, Made) or (isinstance(source, Path) and source.is_dir()):
        made = isinstance(source, Made)
        pack, results = registry.examine_files(source.files) if made else registry.examine(source)
        candidate = Candidate(pack, results, listing_of_pack(pack), None, local=True)
        admitted(candidate)
        return candidate
    parcel = opened(read_file(source) if isinstance(source, Path) else source)
    welcome(parcel)
    pack, results = registry.examine_files(parcel.files)
    matched(parcel, pack)
    return Candidate(pack, results, parcel.listing, parcel.signature, local=False)


def welcome(parcel: Parcel) -> State:
    """The state of a pack file that may come in. Raises PackError for one that may not."""
    keys = keyring.keys()
    state = state_of(parcel.signature, parcel.listing.encoded(), keys)
    if error := refused_signature(parcel.signature, state, keys, policy()):
        error.where = error.where or parcel.listing.ref
        raise error
    _continues(parcel.listing, parcel.signature, local=False)
    return state


def admitted(candidate: Candidate) -> None:
    """The same for a pack that was tried: in the transaction that counts, with the rows of the pack locked."""
    if candidate.local:
        _continues(candidate.listing, None, local=True)
    else:
        welcome(Parcel(candidate.pack.files, candidate.listing, candidate.signature))


def _continues(listing: Listing, signature: Signature | None, *, local: bool) -> None:
    key_id = signature.key.id if signature else ""
    if error := refused_history(listing, key_id, _history(listing.pack), keyring.keys(), local=local):
        raise error


def _history(pack: str) -> list[Installed]:
    query = select(PackVersion).where(PackVersion.pack == pack).with_for_update()
    return [
        Installed(v.version, v.digest, v.signature.key_id if v.signature else "")
        for v in db.session.scalars(query)
    ]


def policy() -> Policy:
    """What this installation accepts."""
    return Policy(current_app.config["YAOQING"]["PACK_SIGNATURES"])


def sign_on(found: PackVersion, signature: Signature | None) -> dict[str, str]:
    """Keep the signature a version came with; what the trail should say of it."""
    if signature is None or found.signature is not None:
        return {}
    found.signature = PackSignature(key_id=signature.key.id, block=signature.encoded().decode())
    return {"signer": signature.signer, "key": signature.key.id}


@contextmanager
def noted(actor: Actor | None, source: Path | Upload | Made) -> Iterator[None]:
    """Put a refusal on record: who handed in what, and the first reason why not."""
    try:
        yield
    except YaoqingError as error:
        first = error.errors[0] if isinstance(error, Findings) and error.errors else error
        digest = {"sha256": source.sha256} if isinstance(source, Upload) else {}
        with transaction():
            audit.note(
                actor, "安装规则包", source.name, outcome="未通过", reason=str(first)[:MOST_REASON], **digest
            )
        raise
