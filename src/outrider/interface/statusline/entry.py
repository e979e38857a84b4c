"""What the client starts for its status line: `python3 -I -S entry.py [--color]`. Ends with 0, always."""

import sys


def main() -> None:
    """Print one line; whatever happens, the client is told of no failure."""
    import posix

    said = b"\n"
    try:
        import gc

        gc.disable()
        sys.path.insert(0, __file__.rpartition("/")[0].rsplit("/", 3)[0])
        from outrider.interface.statusline import program

        said = program.answer(sys.argv[1:])
    finally:
        try:
            while said:
                said = said[posix.write(1, said) :]
        finally:
            posix._exit(0)


if __name__ == "__main__":
    main()
