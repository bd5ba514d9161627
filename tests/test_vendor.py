"""The committed front-end files are the ones recorded with their digests."""

import hashlib
import json
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def test_vendored_files_match_their_record():
    record = json.loads((PROJECT / "static/vendor/vendor.json").read_text("utf-8"))
    files = [f for package in record["packages"] for f in package["files"]] + record["own"]

    differing = [f["path"] for f in files if _digest(f["path"]) != f["sha256"]]

    assert differing == []


def _digest(path: str) -> str:
    return hashlib.sha256((PROJECT / path).read_bytes()).hexdigest()
