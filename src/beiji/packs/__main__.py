"""`python -m beiji.packs check`: the pack commands without the rest of the house."""

import argparse
import sys

from beiji.packs import command


def main() -> int:
    """Run one pack command; the exit code is 0 when nothing is wrong."""
    parser = argparse.ArgumentParser(prog="beiji pack")
    command.add_commands(parser.add_subparsers(dest="pack_command", required=True))
    arguments = parser.parse_args()
    return command.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
