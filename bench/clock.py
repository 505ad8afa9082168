"""`python -m bench.clock SECONDS serve …`: `undersigned`, by a clock that is so much ahead."""

import sys
import time

import time_machine

from app.cli import main

if __name__ == "__main__":
    ahead = float(sys.argv.pop(1))
    with time_machine.travel(time.time() + ahead, tick=True):
        main(prog_name="undersigned")
