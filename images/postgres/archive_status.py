"""The marks in pg_wal/archive_status: `.ready` of a file of WAL that waits to be archived, `.done` of one that need not be kept."""

import contextlib
import os


def names_ending(data_directory, end):
    """Names in pg_wal/archive_status without this end, in order; empty without the folder."""
    with contextlib.suppress(OSError):
        return sorted(name[: -len(end)] for name in os.listdir(f'{data_directory}/pg_wal/archive_status') if name.endswith(end))
    return []


def mark_again(data_directory, wanted):
    """Has PostgreSQL archive files once more that are marked as archived; gives their names."""
    again = []
    for name in names_ending(data_directory, '.done'):
        status = f'{data_directory}/pg_wal/archive_status/{name}'
        if wanted(name) and os.path.exists(f'{data_directory}/pg_wal/{name}'):
            with contextlib.suppress(OSError):
                os.rename(f'{status}.done', f'{status}.ready')
                again.append(name)
    return again
