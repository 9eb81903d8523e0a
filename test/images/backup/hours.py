"""Lives through hours of a clock that runs fast: a server, what the first process of its member does about WAL, and writes.

Once a first segment has been archived, another pgbackrest.conf takes the place of the first; after the hours the first comes back, and
it waits until the archive has all that there is. Prints as JSON what came of it.
Arguments: the folder of the image's programs, which has the configurations and is that of the socket, too; that of PostgreSQL's; the
data; the number of hours.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

folder, programs, data, hours = sys.argv[1:]
sys.path.append(folder)

from waiting import Waiting

LOOK_SECONDS = 5
SWITCH_SECONDS = 600
MINUTES_WITHOUT = """SELECT count(*) FROM generate_series(
    (SELECT min(at) FROM written), (SELECT max(at) FROM written) - interval '1 min', interval '1 min') AS minute
  WHERE NOT EXISTS (SELECT FROM written WHERE at >= minute AND at < minute + interval '1 min')"""
CLIENT = [f'{programs}/psql', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-h', folder, '-U', 'postgres', '-d', 'postgres']


class Session:
    """A client that stays connected: a statement that fails ends it."""

    def __init__(self):
        self.process = subprocess.Popen(CLIENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, statement):
        self.process.stdin.write(f'{statement};\n')
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer:
            raise SystemExit(f'the server did not do this: {statement}')
        return answer


def is_up():
    return subprocess.run([*CLIENT, '-c', 'SELECT 1'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


server = subprocess.Popen([f'{programs}/postgres', '-D', data, '-k', folder], stdout=sys.stderr)
try:
    while not is_up():
        time.sleep(LOOK_SECONDS)
    session, waiting, told = Session(), Waiting(data), []
    waiting.look()
    segment = session.ask('SELECT pg_walfile_name(pg_switch_wal())')
    while not os.path.exists(f'{data}/pg_wal/archive_status/{segment}.done'):
        time.sleep(LOOK_SECONDS)
    waiting.look()
    shutil.copyfile(f'{folder}/pgbackrest-dead.conf', f'{folder}/pgbackrest.conf')
    end, switched = time.time() + int(hours) * 3600, time.time()
    while time.time() < end:
        session.ask('INSERT INTO written VALUES (clock_timestamp()) RETURNING 1')
        if time.time() - switched >= SWITCH_SECONDS:
            switched = time.time()
            session.ask('SELECT pg_switch_wal()')
        report = waiting.look()
        if report:
            told.append(json.loads(report))
        time.sleep(LOOK_SECONDS)
    minutes = session.ask("SELECT ceil(extract(epoch FROM max(at) - min(at)) / 60) FROM written")
    longest = session.ask('SELECT max(gap) FROM (SELECT at - lag(at) OVER (ORDER BY at) AS gap FROM written) AS gaps')
    without = session.ask(MINUTES_WITHOUT.replace('\n', ' '))
    shutil.copyfile(f'{folder}/pgbackrest-first.conf', f'{folder}/pgbackrest.conf')
    while os.path.exists(f'{os.path.dirname(data)}/archive-suspended') or waiting.segments('.ready'):
        session.ask('INSERT INTO written VALUES (clock_timestamp()) RETURNING 1')
        session.ask('SELECT pg_switch_wal()')
        time.sleep(SWITCH_SECONDS)
finally:
    server.send_signal(signal.SIGINT)
    server.wait()
print(json.dumps({'minutes': int(minutes), 'without': int(without), 'longest': longest, 'told': told}))
