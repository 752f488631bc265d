"""`python -m linksms_cli` is `linksms`; the console script starts here too."""

import gc

# Imports only make objects that stay, and looking for garbage among them takes 4 % of a start.
gc.disable()

from linksms_cli.app import run  # noqa: E402 - after the line above, which is about this one

if __name__ == "__main__":
    run()
