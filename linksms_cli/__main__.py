"""`python -m linksms_cli` is `linksms`."""

from linksms_cli.app import run

if __name__ == "__main__":
    run()
