"""A PostgreSQL on the restored copy of a Database, for the time of a verification.

It is reached through a socket by two roles: the superuser, and one that reads everything and may do nothing else. It has
its own settings, and none of the Database's: those name files, sizes and other servers of the members.
"""

import os
import pwd
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time

from control_data import control_of
from pgbackrest import Failed

SUPERUSER = 'postgres'
LOOK_SECONDS = 0.2
# A server that holds to no time limit, or is gone.
GRACE_SECONDS = 10
SETTINGS = {
    'archive_mode': 'off',
    'autovacuum': 'off',
    # A copy that is thrown away afterwards.
    'fsync': 'off',
    'full_page_writes': 'off',
    # Without connections during the replay, limits on them need not be those of the primary.
    'hot_standby': 'off',
    'jit': 'off',
    'listen_addresses': '',
    'local_preload_libraries': '',
    'logging_collector': 'off',
    # Subscriptions of the Database must not take their publishers' changes.
    'max_logical_replication_workers': '0',
    'max_parallel_maintenance_workers': '0',
    'max_parallel_workers_per_gather': '0',
    'restart_after_crash': 'off',
    'session_preload_libraries': '',
    'shared_buffers': '64MB',
    'shared_preload_libraries': '',
    'ssl': 'off',
}
# What the reports may say of a statement that failed, by PostgreSQL's code of the error. They never say what it said.
FAILURES = {
    '25006': 'it writes',
    '42501': 'it does what the role may not do',
    '57014': 'it took too long',
    **dict.fromkeys(['0A000', '21000', '42601', '42804'], 'it must be one query that gives one boolean'),
    **dict.fromkeys(['3D000', '3F000', '42703', '42704', '42883', '42P01'], 'it names something that is not there'),
}


def prepared_transactions(data):
    """How many prepared transactions the replay may meet."""
    return control_of(data).get('max_prepared_xacts setting', '0')


def reason_of(errors):
    """What may be said of a statement's error; `errors` is what psql writes with VERBOSITY=sqlstate."""
    code = re.search(r'(?:ERROR|FATAL): +([0-9A-Z]{5})\b', errors)
    return FAILURES.get(code[1] if code else '', 'it failed')


class Scratch:
    """A context that ends the server; start() begins it."""

    def __init__(self, data):
        self.data = data
        self.process = None
        # Of no role that the Database may have.
        self.reader = f'ballast_verify_{secrets.token_hex(8)}'

    def __enter__(self):
        self.home = tempfile.TemporaryDirectory(prefix='verify-')
        self.folder = self.home.name
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        self.home.cleanup()

    def write(self, name, lines):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.writelines(f'{line}\n' for line in lines)
        return path

    def start(self):
        """Returns once the WAL of the backup is replayed; raises Failed when that does not go."""
        account, roles = pwd.getpwuid(os.getuid()).pw_name, [SUPERUSER, self.reader]
        settings = {
            **SETTINGS,
            'config_file': self.write('postgresql.conf', []),
            'hba_file': self.write('pg_hba.conf', [f'local all {role} peer map=own' for role in roles]),
            'ident_file': self.write('pg_ident.conf', [f'own {account} {role}' for role in roles]),
            'max_prepared_transactions': prepared_transactions(self.data),
            'unix_socket_directories': self.folder,
        }
        options = [f'--{name}={value}' for name, value in settings.items()]
        self.process = subprocess.Popen(['postgres', '-D', self.data, *options], stdin=subprocess.DEVNULL, stdout=sys.stderr)
        while subprocess.run(['pg_isready', '-q', '-h', self.folder]).returncode != 0:
            if self.process.poll() is not None:
                raise Failed('PostgreSQL did not reach the end of the backup')
            time.sleep(LOOK_SECONDS)

    def environment(self, role, database, options=''):
        own = {'PGHOST': self.folder, 'PGUSER': role, 'PGDATABASE': database, 'PGOPTIONS': options}
        return {**{name: os.environ[name] for name in ('PATH', 'HOME', 'LANG') if name in os.environ}, **own}

    def check_pages(self):
        """Reads all tables and B-tree indexes; raises Failed when one is damaged."""
        command = ['pg_amcheck', '--all', '--install-missing', '--heapallindexed', '--jobs=2']
        code = subprocess.run(command, stdout=sys.stderr, env=self.environment(SUPERUSER, 'postgres')).returncode
        if code == 2:
            raise Failed('pg_amcheck found damage in tables or indexes')
        if code != 0:
            raise Failed(f'pg_amcheck ended with {code}')

    def make_reader(self):
        rights = 'LOGIN BYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION IN ROLE pg_read_all_data'
        # The server's log would have what is in the data that a statement fails on.
        quiet = f"ALTER ROLE {self.reader} SET log_min_messages = 'panic'"
        command = ['psql', '-Xqc', f'CREATE ROLE {self.reader} {rights}', '-c', quiet]
        if subprocess.run(command, stdout=sys.stderr, env=self.environment(SUPERUSER, 'postgres')).returncode != 0:
            raise Failed('the role that reads cannot be made')

    def ask(self, number, statement, database, seconds):
        """Runs a query that must give true; raises Failed with no more than its number and the kind of failure."""
        # PostgreSQL refuses what is not one query with one column, more than one row, and another type than boolean.
        query = f'SELECT ({statement.strip().rstrip(";")}\n) IS TRUE'
        limits = f'-c default_transaction_read_only=on -c statement_timeout={seconds}s -c client_min_messages=error'
        command = ['psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=sqlstate', '-c', query]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds + GRACE_SECONDS,
                env=self.environment(self.reader, database, limits),
            )
        except subprocess.TimeoutExpired as error:
            raise Failed(f'statement {number}: {FAILURES["57014"]}') from error
        if done.returncode != 0:
            raise Failed(f'statement {number}: {reason_of(done.stderr.decode(errors="replace"))}')
        if done.stdout != b't\n':
            raise Failed(f'statement {number} is not true')
