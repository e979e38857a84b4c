"""What `bin/outrider-mcp` runs."""

from __future__ import annotations

import os

from outrider.app.roots import user_folder
from outrider.interface.mcp.tools import Toolbox


def main() -> None:
    """Serve the host on standard input and output until it goes."""
    environment = dict(os.environ)
    toolbox = Toolbox(environment, user_folder(environment))
    from outrider.interface.mcp import server

    server.run(toolbox, toolbox.warm_up)
