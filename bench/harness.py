"""Measuring one operation: seconds, queries, and the same as plain SQL."""

import json
import os
import re
import statistics
import time

from psycopg2.extras import Json, execute_values

RUNS = 7
# Writing a thousand records takes seconds each time.
WRITE_RUNS = 5
OWN = "gck"
WRITTEN = re.compile(r'(?:INSERT\s+INTO|UPDATE)\s+"?(\w+)"?')


class Meter:
    """Measures operations of one environment and prints a line for each."""

    def __init__(self, env):
        self.env = env
        self.lines = []

    def measure(self, name, function, plain=None, rows=None):
        """Measure an operation and its plain SQL, one after the other in each run.

        :param str name: name of the operation
        :param function: takes no argument
        :param plain: SQL that reads the same rows, without rights or labels
        :param int rows: how many rows it is about
        """
        if os.environ.get("GCK_K", "") not in name:
            return
        function()  # rules, views and translations are read once for all users
        seconds, sql_seconds, queries, own_sql = [], [], 0, []
        for _run in range(RUNS):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            longest = Longest(self.env.cr)
            with longest:
                started = time.perf_counter()
                function()
                seconds.append(time.perf_counter() - started)
            queries = self.env.cr.sql_log_count - before
            own_sql.append(longest.total)
            if plain:
                started = time.perf_counter()
                self.env.cr.execute(plain)
                self.env.cr.fetchall()
                sql_seconds.append(time.perf_counter() - started)
        line = {
            "op": name,
            "impl": "gck",
            "n": rows,
            "seconds": round(statistics.median(seconds), 4),
            "sql_seconds": round(statistics.median(own_sql), 4),
            "queries": queries,
        }
        if plain:
            line["plain_sql_seconds"] = round(statistics.median(sql_seconds), 4)
            line["ratio_sql"] = round(
                statistics.median(own_sql) / statistics.median(sql_seconds), 1
            )
        self.lines.append(line)
        print(json.dumps(line), flush=True)
        if os.environ.get("GCK_EXPLAIN") == "1":
            self.explain(longest)

    def compare(self, name, contestants, rows, runs=RUNS):
        """Measure one operation of several makers, in turns, and their plain SQL.

        :param str name: name of the operation
        :param contestants: ``Contestant`` records, ours and the peers'
        :param int rows: how many rows it is about
        :param int runs: how often each is measured
        """
        if os.environ.get("GCK_K", "") not in name:
            return
        for contestant in contestants:
            contestant.run()  # rules, views and translations are read once
        results = [
            [contestant.run() for contestant in contestants] for _r in range(runs)
        ]
        lines = []
        for contestant, own in zip(
            contestants, zip(*results, strict=True), strict=True
        ):
            seconds, in_sql, plain, queries = zip(*own, strict=True)
            line = {
                "op": name,
                "impl": contestant.impl,
                "n": rows,
                "seconds": round(statistics.median(seconds), 4),
                "sql_seconds": round(statistics.median(in_sql), 4),
                "queries": queries[-1],
                "plain_sql_seconds": round(statistics.median(plain), 4),
                "ratio_sql": round(
                    statistics.median(seconds) / statistics.median(plain), 1
                ),
            }
            lines.append(line)
        own = [line for line in lines if line["impl"].startswith(OWN)]
        rivals = [line["seconds"] for line in lines if line not in own]
        for line in own if rivals else ():
            line["ratio_peer"] = round(line["seconds"] / min(rivals), 2)
        for line in lines:
            self.lines.append(line)
            print(json.dumps(line), flush=True)

    def explain(self, longest):
        """Print the plan of the longest query of an operation."""
        query, params = longest.query
        self.env.cr.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query}", params)
        for (row,) in self.env.cr.fetchall():
            print("   ", row)

    def table(self):
        """Print what was measured as a table."""
        print(
            f"\n{'operation':<42}{'impl':<28}{'ms':>9}{'SQL ms':>9}{'queries':>9}"
            f"{'plain':>9}{'/ SQL':>8}{'/ peer':>8}"
        )
        for line in self.lines:
            plain = line.get("plain_sql_seconds")
            print(
                f"{line['op']:<42}{line['impl']:<28}{line['seconds'] * 1000:>9.1f}"
                f"{line['sql_seconds'] * 1000:>9.1f}{line['queries']:>9}"
                + (f"{plain * 1000:>9.1f}" if plain is not None else f"{'':>9}")
                + f"{line.get('ratio_sql', ''):>8}{line.get('ratio_peer', ''):>8}"
            )


class Contestant:
    """One maker's way to do an operation, in its own database; it is taken back."""

    def __init__(self, impl, env, operation, prepare=None, plain=None):
        """Say what is measured.

        :param str impl: who made it
        :param env: the environment of the person who does it
        :param operation: takes what ``prepare`` returned, or nothing without it
        :param prepare: makes what the operation needs, outside of the measured time
        :param plain: SQL that reads the same rows; without it the operation writes,
            and its plain SQL is the insertion of all that it wrote
        """
        self.impl, self.env = impl, env
        self.operation, self.prepare, self.plain = operation, prepare, plain

    def run(self):
        """Do it once.

        :return: seconds, those in PostgreSQL, those of the plain SQL, queries
        """
        env, cr = self.env, self.env.cr
        undo = cr.savepoint(flush=False)
        try:
            given = (self.prepare(),) if self.prepare else ()
            self.settle()
            mark = self.mark()
            before = cr.sql_log_count
            longest = Longest(cr)
            with longest:
                started = time.perf_counter()
                self.operation(*given)
                env.flush_all()
                cr.flush()
                seconds = time.perf_counter() - started
            queries = cr.sql_log_count - before
            written = [] if self.plain else self.read_written(longest.tables, mark)
        finally:
            undo.rollback()
            undo.close()
            cr.clear()
            env.invalidate_all(flush=False)
        return seconds, longest.total, self.time_plain(given, written), queries

    def settle(self):
        """Write down what waits and empty the caches, as between two requests."""
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()

    def mark(self):
        """Return the transaction number from which on rows are the operation's."""
        cr = self.env.cr
        cr.execute("SAVEPOINT gck_bench_mark")
        cr.execute("CREATE TEMP TABLE gck_bench_mark (id int) ON COMMIT DROP")
        cr.execute("INSERT INTO gck_bench_mark VALUES (1) RETURNING xmin::text::bigint")
        return cr.fetchone()[0]

    def read_written(self, tables, mark):
        """Return every row that was written: ``[(table, columns, rows)]``."""
        cr, found = self.env.cr, []
        for table in sorted(tables):
            cr.execute(
                "SELECT 1 FROM information_schema.tables WHERE table_name = %s"
                " AND table_schema = current_schema()",
                [table],
            )
            if not cr.fetchone():
                continue
            cr.execute(
                f'SELECT * FROM "{table}" WHERE xmin::text::bigint >= %s', [mark]
            )
            rows = cr.fetchall()
            if rows:
                found.append((table, [column.name for column in cr.description], rows))
        return found

    def time_plain(self, given, written):
        """Return how long the same takes as plain SQL, taken back as well."""
        cr = self.env.cr
        if self.plain:
            started = time.perf_counter()
            cr.execute(self.plain)
            cr.fetchall()
            return time.perf_counter() - started
        undo = cr.savepoint(flush=False)
        try:
            # What was there before is written over, the rest is inserted.
            cr.execute("SET CONSTRAINTS ALL DEFERRED")
            cr.execute("SET LOCAL session_replication_role = replica")
            started = time.perf_counter()
            for table, columns, rows in written:
                self.insert(table, columns, rows)
            return time.perf_counter() - started
        finally:
            undo.rollback()
            undo.close()

    def insert(self, table, columns, rows):
        """Insert rows, or write them over."""
        names = ", ".join(f'"{column}"' for column in columns)
        clause = ""
        if "id" in columns:
            changes = ", ".join(f'"{c}" = excluded."{c}"' for c in columns)
            clause = f" ON CONFLICT (id) DO UPDATE SET {changes}"
        plain = [
            tuple(Json(v) if isinstance(v, dict | list) else v for v in row)
            for row in rows
        ]
        execute_values(
            self.env.cr._obj,
            f'INSERT INTO "{table}" ({names}) VALUES %s{clause}',
            plain,
            page_size=1000,
        )


class Longest:
    """Adds up the time that a cursor spends in PostgreSQL."""

    def __init__(self, cr):
        self.cr = cr
        self.total, self.longest, self.query = 0.0, 0.0, None
        self.tables = set()

    def __enter__(self):
        self.execute = self.cr.execute
        self.cr.execute = self.timed
        return self

    def __exit__(self, *error):
        del self.cr.execute

    def timed(self, query, params=None, log_exceptions=True):
        """Execute a query and keep its time, and the query if it was the longest."""
        started = time.perf_counter()
        result = self.execute(query, params, log_exceptions)
        spent = time.perf_counter() - started
        self.total += spent
        self.tables.update(WRITTEN.findall(str(getattr(query, "code", query))))
        if spent > self.longest:
            self.longest = spent
            code = getattr(query, "code", query)
            self.query = code, getattr(query, "params", params)
        return result
