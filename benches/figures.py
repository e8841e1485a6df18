#!/usr/bin/env python3
"""Every figure that Ringback's load is measured by, with its floor, its aim and its verdict, on this machine.

    python3 benches/figures.py [--autocannon FOLDER] [--only load|peers]

Takes some eight minutes on a machine that must do nothing else meanwhile, and has two cores at least: `benches/load` measures
start error, memory, lateness, a planted stall and the cost as work grows; `benches/peers.py` the ratios to other senders. Both
print what they do in full; behind it stands one table. Ends with 1 where a floor is missed. wrk comes by
`apt-get install wrk`, autocannon by `npm install --prefix FOLDER autocannon`; a peer that is not there is left out.
"""

import argparse
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
import peers  # noqa: E402

VERDICT = re.compile(r"^\S.* floor .* aim .* (aim met|floor met|MISSED)$")
# Above this load average something else is at work, and what comes out is worth little.
BUSY = 0.5


def lines(words):
    """What a program prints, as it prints it; an empty line ends it."""
    program = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    for line in program.stdout:
        print(line, end="", flush=True)
        yield line.rstrip("\n")
    print()
    if program.wait() != 0:
        sys.exit(f"{' '.join(words)} has failed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--autocannon", metavar="FOLDER", help="a folder whose node_modules holds autocannon")
    parser.add_argument("--only", choices=["load", "peers"])
    args = parser.parse_args()
    program = peers.bench()
    if os.getloadavg()[0] > BUSY:
        print(f"the load average is {os.getloadavg()[0]:.1f}: this machine does something else, and the figures will tell of it\n")
    parts = {
        "load": [program],
        "peers": [sys.executable, peers.__file__, "--program", program]
        + (["--autocannon", args.autocannon] if args.autocannon else []),
    }
    verdicts = {}
    for name, words in parts.items():
        if args.only in (None, name):
            # A figure that both take is told once.
            verdicts |= {line[:60]: line for line in lines(words) if VERDICT.match(line)}
    print("every figure, each the middle of three rounds or more")
    print(*verdicts.values(), sep="\n")
    missed = sum(line.endswith("MISSED") for line in verdicts.values())
    print(f"{len(verdicts)} figures, {missed} below the floor")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
