"""`outrider doctor` where the plugin's environment is missing: `python3 -I -S doctor_entry.py [--json]`."""

import os
import sys


def main() -> None:
    """Check the copy of the plugin that this file belongs to; ends with 0, 1 (something wrong) or 3."""
    sys.dont_write_bytecode = True
    source = os.path.realpath(__file__).rsplit("/", 4)[0]
    sys.path.insert(0, source)
    from pathlib import Path

    from outrider.app.doctor import checks
    from outrider.app.doctor.installation import examine

    found = examine(Path(source).parent, os.environ)
    if "--json" in sys.argv[1:]:
        import json

        plain = [{name: getattr(each, name) for name in each.__slots__} for each in found]
        text = json.dumps({"schema": "outrider.doctor/2", "checks": plain}, indent=2)
    else:
        text = "\n".join(checks.lines(found))
    sys.stdout.write(text.encode("ascii", "backslashreplace").decode("ascii") + "\n")
    sys.exit(checks.exit_code(found))


if __name__ == "__main__":
    main()
