import { ARCHIVE_ANNOTATION, DATABASE_LABEL, RESTORE_ANNOTATION, ROLE_LABEL } from '../../database/vocabulary.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { cel, list, text } from './cel.ts';
import { A_MEMBER, DATABASE_OF_MEMBER, isFromPod, metadataOf } from './member.ts';
import type { AdmissionPolicy, Validation } from './policy.ts';

const DATABASE = text(DATABASE_LABEL);
const ROLE = text(ROLE_LABEL);
/** Annotations in which a member reports: Patroni's, and those about its archive and its restores. */
const NOTES = list(['status', ARCHIVE_ANNOTATION, RESTORE_ANNOTATION]);

const VALIDATIONS: readonly Validation[] = [
  {
    expression: cel`
      ${DATABASE} in variables.hadLabels &&
      variables.hadLabels[${DATABASE}] == variables.database
    `,
    message: 'a member may change pods of its own Database only',
  },
  {
    expression: cel`
      object.spec == oldObject.spec &&
      has(object.metadata.finalizers) == has(oldObject.metadata.finalizers) &&
      (!has(object.metadata.finalizers) || object.metadata.finalizers == oldObject.metadata.finalizers) &&
      has(object.metadata.ownerReferences) == has(oldObject.metadata.ownerReferences) &&
      (!has(object.metadata.ownerReferences) || object.metadata.ownerReferences == oldObject.metadata.ownerReferences)
    `,
    message: 'a member may change labels and annotations of a pod, and nothing else of it',
  },
  {
    expression: cel`
      variables.labels.all(name, (name in variables.hadLabels && variables.hadLabels[name] == variables.labels[name]) ||
      (name == ${ROLE} && variables.isOwnPod)) &&
      variables.hadLabels.all(name, name == ${ROLE} || name in variables.labels)
    `,
    message: `a member may change the label ${ROLE_LABEL} of its own pod, and take it from another`,
  },
  {
    expression: cel`
      variables.notes.all(name, (name in variables.hadNotes && variables.hadNotes[name] == variables.notes[name]) ||
      (name in ${NOTES} && variables.isOwnPod)) &&
      variables.hadNotes.all(name, (name in ${NOTES} && variables.isOwnPod) || name in variables.notes)
    `,
    message: `a member may change the annotations status, ${ARCHIVE_ANNOTATION} and ${RESTORE_ANNOTATION} of its own pod only`,
  },
];

/** Limits a member's writes to pods. */
export const memberPods: AdmissionPolicy = {
  name: 'ballast-member-pods',
  about:
    'What the account of a Database’s members may change, where RBAC cannot say it: RBAC names pods and ConfigMaps, not their ' +
    'fields, and a right to create knows no names. Every such account is called ballast-member-NAME, in whatever namespace.\n\n' +
    'A member writes the labels and annotations of pods: on its own pod its role, Patroni’s `status` and what it says of its archive and its restores; from another of its ' +
    'Database’s it may only take the role away, as the new primary does with the pod of the old one. The token says whose it is.',
  matches: [{ operations: ['UPDATE'], resources: [RESOURCES.Pod], version: 'v1' }],
  who: A_MEMBER,
  variables: {
    database: DATABASE_OF_MEMBER,
    isOwnPod: isFromPod('object.metadata.name'),
    hadLabels: metadataOf('oldObject', 'labels'),
    labels: metadataOf('object', 'labels'),
    hadNotes: metadataOf('oldObject', 'annotations'),
    notes: metadataOf('object', 'annotations'),
  },
  validations: VALIDATIONS,
};
