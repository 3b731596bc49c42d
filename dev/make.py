"""Entry point of the Makefile's targets: finds a Python that Odoo 19 supports.

Kept readable by old interpreters, so that they get a sentence and not a SyntaxError.
"""

import os
import shutil
import sys

OLDEST, NEWEST = (3, 10), (3, 13)

if not OLDEST <= sys.version_info[:2] <= NEWEST:
    for minor in (11, 12, 13, 10):
        other = shutil.which("python3.{}".format(minor))
        if other:
            os.execv(other, [other] + sys.argv)
    sys.exit(
        "Odoo 19 needs Python 3.10 to 3.13, this is {}.{} and no other was found: "
        "install one and run make with PYTHON=/path/to/python3.11".format(
            *sys.version_info
        )
    )

from gckdev.cli import main  # noqa: E402  (only once the version is known to be right)

if __name__ == "__main__":
    sys.exit(main())
