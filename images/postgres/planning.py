"""What a restore begins with: the backups and the WAL of a repository, looked at once, and the choice of recovery.py."""

from pgbackrest import history_of
from recovery import History, Refused, backup_of, check_wal, timeline_of


def system_of(stanza, major):
    """The newest database system of a major version in the repository, and the folder of its archive."""
    systems = [one for one in stanza['db'] if one['version'] == major]
    if not systems:
        have = ' and '.join(sorted({one['version'] for one in stanza['db']}))
        raise Refused(f'the repository has backups of PostgreSQL {have}, and none of {major}')
    system = max(systems, key=lambda one: one['id'])
    [archive] = [one for one in stanza['archive'] if one['database']['id'] == system['id']]
    return system, archive


def known(repository, major):
    """The backups and timelines of a major version, the files of their archive, and the identifier of the database system."""
    stanza = repository.opened()
    if stanza is None:
        raise Refused(f'the repository has no backups of {repository.stanza}')
    system, archive = system_of(stanza, major)
    backups = [backup_of(one) for one in stanza['backup'] if one['database']['id'] == system['id'] and not one['error']]
    files = repository.archived(archive['id'])
    histories = repository.histories(archive['id'], files)
    timelines = [timeline_of(number, text, files[history_of(number)]['time']) for number, text in histories.items()]
    return History(backups, timelines), files, system['system-id']


def plan(repository, major, backup, target):
    """What to restore: the start of the replay, the identifier of the database system, and the gap that ends the replay."""
    return plan_from(known(repository, major), backup, target)


def plan_from(found, backup, target):
    history, files, system_identifier = found
    start = history.start_from(backup, target) if backup else history.start(target)
    gap = None if target.kind == 'immediate' else check_wal(history, start, target, files)
    return start, system_identifier, gap


def pgbackrest_options(target, start, folder):
    """The arguments of `pgbackrest restore`. Its configuration has the command that the replay fetches WAL with."""
    text = target.for_postgresql
    return [
        f'--set={start.backup.label}',
        f'--type={target.kind}',
        *([f'--target={text}'] if text is not None else []),
        # Of the record at a position PostgreSQL would replay the whole, which is what was written after it.
        *(['--target-exclusive'] if target.kind == 'lsn' else []),
        # Without it PostgreSQL pauses at the target, and Patroni waits for ever.
        *(['--target-action=promote'] if target.kind != 'default' else []),
        *([f'--target-timeline={start.timeline}'] if start.timeline is not None else []),
        f'--pg1-path={folder}',
        '--delta',
    ]
