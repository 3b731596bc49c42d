"""Measuring one operation: seconds, queries, and the same as plain SQL."""

import json
import os
import statistics
import time

RUNS = 7


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

    def explain(self, longest):
        """Print the plan of the longest query of an operation."""
        query, params = longest.query
        self.env.cr.execute(f"EXPLAIN (ANALYZE, BUFFERS) {query}", params)
        for (row,) in self.env.cr.fetchall():
            print("   ", row)

    def table(self):
        """Print what was measured as a table."""
        print(f"\n{'operation':<44}{'ms':>9}{'SQL ms':>9}{'queries':>9}{'plain':>9}")
        for line in self.lines:
            plain = line.get("plain_sql_seconds")
            print(
                f"{line['op']:<44}{line['seconds'] * 1000:>9.1f}"
                f"{line['sql_seconds'] * 1000:>9.1f}{line['queries']:>9}"
                + (f"{plain * 1000:>9.1f}" if plain is not None else "")
            )


class Longest:
    """Adds up the time that a cursor spends in PostgreSQL."""

    def __init__(self, cr):
        self.cr = cr
        self.total, self.longest, self.query = 0.0, 0.0, None

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
        if spent > self.longest:
            self.longest = spent
            code = getattr(query, "code", query)
            self.query = code, getattr(query, "params", params)
        return result
