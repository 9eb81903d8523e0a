import { postgresql as facts } from '../../../database/engines/postgresql.ts';
import type { Control } from '../../databases/observation.ts';
import { isConfigurationTakenUp, isPaused } from './configuration.ts';
import { configure } from './configure.ts';
import { releaseLockOfDeadLeader, relabelFormerPrimary } from './leader-lock.ts';
import { memberReport } from './member-report.ts';
import { isCatchingUp, membersToLead } from './quorum.ts';

/** PostgreSQL under Patroni. */
export const postgresql: Control = {
  facts,
  report: memberReport,
  leaderOf: ({ leader }) => leader?.member,
  isInitialized: ({ patroni }) => patroni?.systemIdentifier !== undefined,
  isInPlace: ({ leader }, { name, report }) =>
    name === leader?.member ? report?.role === 'primary' : report?.follows === true,
  takesWrites: ({ report, role }) => report?.role === 'primary' && role === 'primary',
  dataIdentifier: ({ patroni }) => patroni?.systemIdentifier,
  replication: {
    manager: 'Patroni',
    isPaused,
    releaseLockOfDeadLeader,
    relabelFormerPrimary,
    configure,
    isConfigurationTakenUp,
    isCatchingUp,
    membersToLead,
  },
};
