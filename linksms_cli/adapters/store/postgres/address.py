"""The address of a server: as libpq takes it, and in words."""

import os

from psycopg import ProgrammingError, conninfo

from linksms_cli.errors import StoreError
from linksms_cli.sms import paths

# Seconds that connecting may take if neither the address nor PGCONNECT_TIMEOUT says so.
CONNECT_TIMEOUT = "5"


def address_of(text: str, named_by: str = paths.STATE) -> tuple[str, str]:
    """Return the address that libpq takes and where that is in words, without any secret.

    `named_by` is the variable or the option that holds it.

    Raises StoreError where it cannot be read.
    """
    try:
        parts = {name: str(value) for name, value in conninfo.conninfo_to_dict(text).items()}
    except ProgrammingError:
        # What libpq says of it repeats it, and it may hold a password.
        message = f"{named_by} is not an address of PostgreSQL"
        hint = "Write postgresql://USER@HOST/DATABASE, or service=NAME."
        raise StoreError(message, hint) from None
    if "connect_timeout" not in parts and "PGCONNECT_TIMEOUT" not in os.environ:
        parts["connect_timeout"] = CONNECT_TIMEOUT
    parts.setdefault("application_name", "linksms")
    where = [f"service {parts['service']}"] if "service" in parts else []
    host = ":".join(parts[name] for name in ("host", "port") if name in parts)
    where += [one for one in (host, parts.get("dbname")) if one]
    place = f"PostgreSQL ({', '.join(where) or 'the default server'})"
    return conninfo.make_conninfo("", **parts), place
