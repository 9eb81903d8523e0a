"""The folder DATA.restoring, in which the first data are made. Only whole ones are renamed to DATA."""

import contextlib
import os
import shutil
import subprocess
import sys

from pgbackrest import Failed
from recovery import Refused


def exists(*parts):
    return os.path.exists(os.path.join(*parts))


def is_begun(folder):
    """Whether pgBackRest recognises the folder, so that it continues."""
    return exists(folder, 'PG_VERSION') or exists(folder, 'backup.manifest')


def folder_for(data):
    """
    The folder, with what an earlier attempt has left. It is there before anything else is done: by it the next start knows that
    this one was broken off (first_start.py).
    """
    folder = f'{data}.restoring'
    # Patroni puts a data directory aside whose replay failed. PostgreSQL removes the signal once it has ended the replay.
    if exists(f'{data}.failed', 'recovery.signal') and not is_begun(folder):
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(f'{data}.failed', folder)
    os.makedirs(folder, 0o700, exist_ok=True)
    return folder


def clear(folder):
    """Removes what is in the folder, which itself stays."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.unlink(entry.path)


def prepare(folder, size, where=''):
    """Readies the folder for a backup of this size; `where` says what else the volume holds."""
    if not is_begun(folder):
        clear(folder)
        free = shutil.disk_usage(folder).free
        if free < size:
            raise Refused(f'the backup needs {size} bytes{where}, and the volume has {free}')
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, 'postmaster.pid'))


def initdb(folder, options):
    """Makes the data of a Database that begins empty; gives what is written beside them."""
    clear(folder)
    done = subprocess.run(['initdb', '-D', folder, *(f'--{one}' for one in options)], stdin=subprocess.DEVNULL, stdout=sys.stderr)
    if done.returncode != 0:
        raise Failed(f'initdb ended with {done.returncode}')
    return {'empty': True}
