"""PostgreSQL for a city: any number of offices over one database.

No password of it is ever shown, and no value of a row stands in a fault.
"""

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, make_url
from sqlalchemy.exc import ArgumentError

from office.config import SetupFault

INTAKE, _MIGRATION = 0x4B4B4F46_0001, 0x4B4B4F46_0002  # "KKOF": advisory locks
_OURS = {"alembic_version", "device", "submission"}
_SAID = {"application_name": "kakanai-office", "connect_timeout": "3"}
_LIMITS = {
    "statement_timeout": "20s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "30s",
    "default_transaction_isolation": r"read\ committed",
}
_PROMISES = ("fsync", "synchronous_commit", "full_page_writes")
_KEPT_OPEN, _MORE, _PATIENCE, _OLD = 8, 16, 5, 1800  # connections, seconds


def engine(url: str) -> Engine:
    """The way to the server; a connection that died meanwhile is replaced before it is used."""
    return create_engine(
        _address(url),
        pool_size=_KEPT_OPEN,
        max_overflow=_MORE,
        pool_timeout=_PATIENCE,
        pool_recycle=_OLD,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def is_one(engine: Engine) -> bool:
    """Whether this database is PostgreSQL."""
    return engine.dialect.name == "postgresql"


def shown(url: URL) -> str:
    """The address as people may see it."""
    return f"{url.host or url.query.get('host') or 'localhost'}/{url.database}"


def claim(connection: Connection) -> None:
    """One office at a time; a server that forgets what it promised, or a stranger's database, no.

    Whoever waits here waits as long as the other's migration takes.
    """
    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION})")
    told = shown(connection.engine.url)
    for promise in _PROMISES:
        if connection.exec_driver_sql(f"SHOW {promise}").scalar_one() == "off":
            raise SetupFault(f"{told}: {promise} is off: what it promises is not kept; turn it on")
    tables = set(inspect(connection).get_table_names())
    if tables and not tables >= _OURS:
        raise SetupFault(f"{told}: a database of another program; make one for the office")


def _address(url: str) -> URL:
    try:
        made = make_url(url)
    except (ArgumentError, ValueError) as fault:
        raise SetupFault("--database: takes postgresql://user@host/name") from fault
    if made.drivername not in ("postgresql", "postgres", "postgresql+psycopg") or not made.database:
        raise SetupFault("--database: takes postgresql://user@host/name")
    options = " ".join(f"-c {key}={value}" for key, value in _LIMITS.items())
    asked = dict(made.query)
    asked["options"] = " ".join((options, *([str(asked["options"])] if "options" in asked else [])))
    return made.set(drivername="postgresql+psycopg", query={**_SAID, **asked})
