import type { FaultName } from './faults.ts';

/** The document's introduction: the meaning of the figures. */
export const HEAD = `# Failover, measured

<!-- Written by \`npm run test:failover -- report\`; change lab/failover/report-text.ts instead. -->

A Database of three members runs on a real Kubernetes of three nodes ([cluster.md](cluster.md)), as \`ballast generate\` renders
it. No controller runs, but where a row says so: failover is the members' own affair. While clients write, something breaks;
afterwards every acknowledged write is looked for.

- **Write gap**: the longest time between two acknowledged writes of one client, from one acknowledgement to the next. Two
  clients write through the Service \`NAME-primary\` from a node that the fault leaves alone, a row about every 50 ms, over TLS:
  one connects for each row, one keeps its session until that breaks. Both give up on a connection or a statement after one
  second, so up to a second of a gap may be the client's own waiting. Nothing is retried but by the next write.
- **Acknowledged writes lost**: rows whose commit the server confirmed to those clients and that the primary does not have in
  the end, over all runs.
- **Primaries at once**: the most servers that acknowledged writes at the same time, over all clients. A third client on each
  node writes straight to the member there five times a second, whatever becomes of the node's network: it sees what an
  isolated primary still does.
- **Three healthy again**: from the end of the fault until three members are ready, one takes writes and two stream from it.
- **Stock Patroni** is the same image with the same manifests, but with Patroni's own settings (ttl 30, loop_wait 10,
  retry_timeout 10, asynchronous, no failsafe mode), and with nothing of Ballast's around it: Patroni is the container's
  first process, and no callback relabels pods. It is the baseline.

A goal is met when the worst run meets it; the longer gap of the two clients counts. The figures of CloudNativePG were
measured on a cluster of the same make with one client that connected every 100 ms and waited up to two seconds for it.

`;

/** Begins the part about goals that were not met. */
export const MISSED = `## Goals that were not met

Seconds after the fault, up to the end of the longest gap.
`;

/** Explanations of surprising figures. */
export const REMARKS = `Two of the faults are no failovers. A full disk makes PostgreSQL refuse what it cannot store (SQLSTATE 53100); as a rule it
stays the primary, loses nothing, and goes on when there is room. Where it is the write-ahead log that finds no room, PostgreSQL
crashes, and a standby takes over; what cannot be rewound for want of room is cloned again. Without the API server failsafe
mode lets the primary go on as long as it reaches all members; stock Patroni has no primary meanwhile. Once the API server is
back after more than 50 seconds, Kubernetes calls all nodes lost until their kubelets have reported, and that is in *three
healthy again*.
`;

const PROXY = `When the new primary takes writes, clients do not reach it at once: kube-proxy writes its rules at most once a second (its
own default), and a connection that is tried between the two steps of that, when the Service is no longer refused but
leads nowhere yet, hangs until its client gives up, here after a second.`;

const LOCK = `The lock ends 20 s (ttl) after the primary last renewed it. Before a standby takes it, it asks every member how far it is, and
waits two seconds for the one that does not answer, which is fixed in Patroni. ${PROXY}`;

/** Known reasons of missed goals. */
export const WHY: Readonly<Partial<Record<FaultName | 'start', string>>> = {
  'graceful-delete': PROXY,
  'forced-delete': PROXY,
  'postgres-killed': PROXY,
  'container-killed': `The kubelet starts the container again, and Patroni in it finds its server dead. ${PROXY}`,
  'node-cut': LOCK,
  'node-killed': LOCK,
};

/** How to measure it again. */
export const REPRODUCE = `## To measure it again

\`\`\`sh
npm run test:failover                                    # what is missing of five runs of everything, then this document
npm run test:failover -- --fault node-cut --variant required --runs 10
npm run test:failover -- timeline ID                     # the course of one run
npm run test:failover -- report                          # this document again
\`\`\`

It needs what the cluster needs ([cluster.md](cluster.md)) and the image \`localhost/ballast/postgresql:15\`
(\`images/README.md\`). Results collect in \`.failover/\`, so the measurement may be ended and gone on with at any time; only
results of the same manifests and image are put together. All is put right again at the end, also after Ctrl-C.
`;
