"""The PostgreSQL that other tests stand on is a real one that keeps what it was told."""

import signal

import psycopg

from tests.fakes.postgres import server


def test_it_keeps_what_was_committed_through_a_crash() -> None:
    with server() as database:
        with psycopg.connect(database.url) as connection:
            connection.execute("CREATE TABLE promise (words text)")
            connection.execute("INSERT INTO promise VALUES ('渡邉󠄂')")
        database.stop(signal.SIGQUIT)
        database.start()
        with psycopg.connect(database.url) as connection:
            assert connection.execute("SELECT words FROM promise").fetchall() == [("渡邉󠄂",)]
            assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_a_further_database_is_empty() -> None:
    with server() as database, psycopg.connect(database.create("other")) as connection:
        count = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert count.fetchone() == (0,)
