"""The control file of a data directory, as pg_controldata tells it."""

import os
import subprocess

from pgbackrest import Failed


def control_of(folder):
    """Fields of `pg_controldata`."""
    environment = {**os.environ, 'LC_ALL': 'C'}
    done = subprocess.run(['pg_controldata', '-D', folder], env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failed('the control file of the data cannot be read')
    return {name: value.strip() for name, _, value in (line.partition(':') for line in done.stdout.splitlines())}
