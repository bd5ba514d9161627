"""The packs of one installation: the sections they may have, their files on disk, loaded packs in memory."""

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from core.errors import Findings, NotFound, PackError
from core.packs.content.folder import read_folder
from core.packs.content.format import (
    ExampleResult,
    Pack,
    Section,
    check_pack,
    digest_of,
    load_files,
    load_pack,
    run_examples,
)
from core.packs.trials import try_documents

# What is tried out besides the sections' own checks and examples; each answers with what went wrong.
Trial = Callable[[Pack], list[PackError]]
WAY_BACK = (
    "急用时先由安全管理员在“规则包”页面回退到完好的版本，网页打不开的在服务器上运行 ./yaoqing pack rollback"
)
TRIALS: tuple[Trial, ...] = (try_documents,)


class Registry:
    """Loads packs with the sections of core and of the enabled plugins."""

    def __init__(
        self,
        sections: Iterable[Section],
        plugins: Collection[str],
        folder: Path,
        trials: Sequence[Trial] = TRIALS,
    ):
        self.sections, self.plugins, self.folder = tuple(sections), frozenset(plugins), folder
        self.trials = tuple(trials)
        self._loaded: dict[str, Pack] = {}

    def examine(self, source: Path) -> tuple[Pack, list[ExampleResult]]:
        """Load, cross-check and try out a pack's folder. Raises Findings with everything that is wrong."""
        return self._examined(load_pack(source, self.sections, self.plugins))

    def examine_files(self, files: Mapping[str, bytes]) -> tuple[Pack, list[ExampleResult]]:
        """The same for files already in memory, by relative path."""
        return self._examined(load_files(files, self.sections, self.plugins))

    def _examined(self, pack: Pack) -> tuple[Pack, list[ExampleResult]]:
        errors = check_pack(pack, self.sections)
        errors += [error for trial in self.trials for error in trial(pack)]
        if errors:
            raise Findings(f"规则包“{pack.manifest.id}”未通过检查", [*errors])
        results = run_examples(pack, self.sections)
        failed = [
            PackError(
                f"用例“{r.name}”不符",
                where=r.where,
                reason="；".join(r.differences),
                advice="请核对规则或用例",
            )
            for r in results
            if not r.passed
        ]
        if failed:
            raise Findings(f"规则包“{pack.manifest.id}”的用例未全部通过", [*failed])
        return pack, results

    def keep(self, pack: Pack) -> Path:
        """Write an unchangeable copy of a pack's files; whole or not at all. A spoilt copy is replaced."""
        target = self.folder / f"{pack.manifest.id}@{pack.manifest.version}"
        if target.is_dir() and digest_of(read_folder(target)[0]) == pack.digest:
            return target
        self.folder.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(dir=self.folder, prefix=".staging-"))
        try:
            for name, content in pack.files.items():
                path = staging / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if target.exists():
                spoilt = Path(tempfile.mkdtemp(dir=self.folder, prefix=".spoilt-"))
                os.replace(target, spoilt)
                shutil.rmtree(spoilt)
            os.replace(staging, target)
        except BaseException as error:
            shutil.rmtree(staging, ignore_errors=True)
            # Another process may have been quicker with the same copy.
            if not (isinstance(error, OSError) and target.exists()):
                raise
        return target

    def load(self, ref: str, digest: str) -> Pack:
        """An installed pack. Raises PackError when its files are gone or were changed since they came in."""
        pack = self._loaded.get(ref)
        if pack is None or pack.digest != digest:
            pack = self._loaded[ref] = load_files(self.intact(ref, digest), self.sections, self.plugins)
        return pack

    def intact(self, ref: str, digest: str) -> dict[str, bytes]:
        """The files of an installed pack as they lie there. Raises NotFound or PackError like `load`."""
        folder = self.folder / ref
        if not folder.is_dir():
            raise NotFound(
                f"规则包 {ref} 的文件不在数据目录中", advice=f"请从备份恢复，或重新安装同一版本；{WAY_BACK}"
            )
        files, _ = read_folder(folder)
        if digest_of(files) != digest:
            raise PackError(
                f"规则包 {ref} 的文件在安装后被改动",
                reason="校验值不符，为安全起见不予使用",
                advice=f"请重新安装该版本；{WAY_BACK}",
            )
        return files

    def reexamine(self, ref: str, digest: str) -> tuple[Pack, list[ExampleResult]]:
        """An installed pack examined anew from its files: intact, every section known, every example passes."""
        return self.examine_files(self.intact(ref, digest))
