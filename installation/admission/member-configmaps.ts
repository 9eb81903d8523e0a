import { BACKUPS_ANNOTATION, DATABASE_LABEL, RESTORE_RESULT, VERIFIED_ANNOTATION } from '../../database/vocabulary.ts';
import { MANAGED_BY_LABEL } from '../../generator/metadata.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { cel, list, text } from './cel.ts';
import { CONFIGURATION_VALIDATIONS, CONFIGURATION_VARIABLES } from './member-configuration.ts';
import { A_MEMBER, DATABASE_OF_MEMBER, isFromPod, metadataOf } from './member.ts';
import type { AdmissionPolicy, Validation } from './policy.ts';

/** Patroni's own annotations on each of its ConfigMaps (patroni/dcs/kubernetes.py); `failsafe` has none of its own. */
const NOTES = {
  config: ['initialize', 'config', 'history'],
  failover: ['leader', 'member', 'scheduled_at'],
  leader: [
    ...['leader', 'ttl', 'renewTime', 'acquireTime', 'transitions', 'optime', 'slots', 'retain_slots', 'failsafe'],
  ],
  sync: ['leader', 'sync_standby', 'quorum'],
  // Of the jobs that back up and verify, not of Patroni.
  backups: [BACKUPS_ANNOTATION, VERIFIED_ANNOTATION],
  // Of the member that restores.
  restore: [RESTORE_RESULT],
} as const;

const NOTES_OF_PARTS = `{${Object.entries(NOTES)
  .map(([part, notes]) => `${text(part)}: ${list(notes)}`)
  .join(',\n')}}`;

/** The labels that Patroni's configuration names (generator/postgresql/settings.ts). */
const LABELS = cel`
  {'app.kubernetes.io/component': 'database', ${text(MANAGED_BY_LABEL)}: 'ballast',
  ${text(DATABASE_LABEL)}: variables.database}
`;

const VALIDATIONS: readonly Validation[] = [
  {
    expression: 'variables.part in variables.notesOfParts',
    message: "a member may write the ConfigMaps of its own Database's Patroni only",
  },
  {
    expression: cel`
      variables.labels.all(name, (name in variables.hadLabels && variables.hadLabels[name] == variables.labels[name]) ||
      (name in variables.ownLabels && variables.ownLabels[name] == variables.labels[name])) &&
      variables.ownLabels.all(name, name in variables.labels && variables.labels[name] == variables.ownLabels[name]) &&
      variables.hadLabels.all(name, name in variables.labels)
    `,
    message: "a member must leave Patroni's ConfigMaps the labels that they have",
  },
  {
    expression: cel`
      variables.notes.all(name, name in variables.ownNotes ||
      (name in variables.hadNotes && variables.hadNotes[name] == variables.notes[name])) &&
      variables.hadNotes.all(name, (name in variables.ownNotes && name != 'config') || name in variables.notes)
    `,
    message: "a member may change Patroni's own annotations of its ConfigMaps only",
  },
  {
    expression: cel`
      !has(object.immutable) && !has(object.data) && !has(object.binaryData) &&
      !has(object.metadata.finalizers) && !has(object.metadata.ownerReferences)
    `,
    message: "a member may write annotations of Patroni's ConfigMaps, and nothing else of them",
  },
  {
    expression: cel`
      variables.part != 'leader' || !('leader' in variables.notes) ||
      ('leader' in variables.hadNotes && variables.hadNotes['leader'] == variables.notes['leader']) ||
      (${isFromPod("variables.notes['leader']")})
    `,
    message: 'a member may take the lock for itself only',
  },
  ...CONFIGURATION_VALIDATIONS,
];

/** Limits a member's writes to ConfigMaps. */
export const memberConfigMaps: AdmissionPolicy = {
  name: 'ballast-member-configmaps',
  about:
    'A member writes the ConfigMaps in which Patroni keeps its state, as Patroni does: annotations of these names, no data. One of ' +
    'them is the dynamic configuration, which the other members act upon: it must not bring them a program to run.',
  matches: [{ operations: ['CREATE', 'UPDATE'], resources: [RESOURCES.ConfigMap], version: 'v1' }],
  who: A_MEMBER,
  variables: {
    database: DATABASE_OF_MEMBER,
    part: cel`
      object.metadata.name.startsWith(variables.database + '-')
      ? object.metadata.name.substring(variables.database.size() + 1) : ''
    `,
    notesOfParts: NOTES_OF_PARTS,
    ownNotes: 'variables.part in variables.notesOfParts ? variables.notesOfParts[variables.part] : []',
    ownLabels: LABELS,
    isNew: "request.operation == 'CREATE'",
    hadLabels: `!variables.isNew && ${metadataOf('oldObject', 'labels')}`,
    labels: metadataOf('object', 'labels'),
    hadNotes: `!variables.isNew && ${metadataOf('oldObject', 'annotations')}`,
    notes: metadataOf('object', 'annotations'),
    ...CONFIGURATION_VARIABLES,
  },
  validations: VALIDATIONS,
};
