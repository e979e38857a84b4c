"""`outrider setup` before there is an environment: `python3 -I -S entry.py [options]`, any Python 3.11."""

import os
import sys


def main() -> None:
    """Run the program on the copy of the plugin that this file belongs to."""
    source = os.path.realpath(__file__).rsplit("/", 4)[0]
    sys.path.insert(0, source)
    from outrider.interface.setup import program

    sys.exit(program.main(sys.argv[1:], os.environ, os.path.dirname(source)))


if __name__ == "__main__":
    main()
