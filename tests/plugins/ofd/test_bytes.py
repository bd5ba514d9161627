"""The same document gives the same bytes: in other processes, on other days, under other hash seeds."""

import json
import os
import subprocess
import sys

from plugins.ofd.convert import ofd
from tests.plugins.ofd.conftest import ABOUT
from tests.plugins.ofd.samples import parts

SCRIPT = """
import hashlib, json, sys
from pathlib import Path
from plugins.ofd.convert import ofd
print(hashlib.sha256(ofd(Path(sys.argv[1]).read_bytes(), json.loads(sys.argv[2]))).hexdigest())
"""


def test_other_processes_days_and_hash_seeds_give_the_same_bytes(pdf_of, tmp_path):
    digests = set()
    for name in ("everything", "rare characters"):
        (tmp_path / "a.pdf").write_bytes(pdf_of(name))
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai")):
            environ = {
                **os.environ,
                "PYTHONPATH": os.getcwd(),
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "SOURCE_DATE_EPOCH": seed,
            }
            done = subprocess.run(
                [sys.executable, "-c", SCRIPT, str(tmp_path / "a.pdf"), json.dumps(ABOUT)],
                env=environ, capture_output=True, text=True, check=True,
            )  # fmt: skip
            digests.add(done.stdout)

    assert len(digests) == 2


def test_another_document_has_another_identifier(pdf_of):
    first, second = (parts(ofd(pdf_of(name), ABOUT))["OFD.xml"] for name in ("one-page circular", "order"))

    assert first != second
