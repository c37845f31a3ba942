"""`python -m schoolklimaat.cli`: the same as the `schoolklimaat` command."""

import sys

from schoolklimaat.cli import main

if __name__ == "__main__":
    sys.exit(main())
