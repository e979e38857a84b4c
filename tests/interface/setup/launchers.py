"""A copy of the plugin as the host installs it, run as the Bash tool and the host would; uv only pretends."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

_UV = f"""#!/bin/sh
case $1 in
venv)
    for folder; do :; done
    mkdir -p "$folder/bin"
    printf '#!/bin/sh\\nexec "{sys.executable}" "$@"\\n' >"$folder/bin/python"
    chmod +x "$folder/bin/python"
    ;;
*) eval "$PRETEND" ;;
esac
"""


class Installed:
    """An installed copy below ``folder``, whose names are as bad as may be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "con fig'\"$(x)"
        self.root = self.config / "plugins" / "cache" / "market" / "outrider" / "1.0"
        self.data = self.config / "plugins" / "data" / "outrider-market"
        for name in ("bin", "src"):
            shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "requirements-plugin.lock", self.root)
        tools = folder / "tools"
        tools.mkdir()
        (tools / "uv").write_text(_UV)
        (tools / "uv").chmod(0o755)
        self.environment = {
            "PATH": f"{tools}:{self.root / 'bin'}:/usr/bin:/bin",
            "HOME": str(folder),
            "OUTRIDER_HOME": str(folder / "own"),
            "OUTRIDER_PYTHON": sys.executable,
            "CLAUDE_CONFIG_DIR": str(folder / "none"),
            "PRETEND": "true",
            # Where uv is made to fail, pip comes after it, and must not find anything either.
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(folder / "none"),
        }

    def run(self, program: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the plugin by its name, from a folder of somebody else."""
        return subprocess.run(
            ["/bin/sh", "-c", 'exec "$@"', "sh", program, *arguments],
            env={**self.environment, **more},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def environments(self) -> list[Path]:
        """Return the folders of environments."""
        return [each for each in (self.data / "environment").glob("*") if each.is_dir()]
