import { flag, object, stringMap, text, whole } from './common.ts';
import type { Schema } from './schema.ts';

const labelSelector = (description: string): Schema =>
  object(description, {
    matchLabels: stringMap('Labels that must all be there.', 16, 63),
    matchExpressions: {
      type: 'array',
      description: 'Conditions on labels that must all hold.',
      maxItems: 16,
      items: object(
        'One condition on a label.',
        {
          key: text('Label that the condition is about.', 317, { minLength: 1 }),
          operator: text('In, NotIn, Exists or DoesNotExist.', 16, {
            enum: ['In', 'NotIn', 'Exists', 'DoesNotExist'],
          }),
          values: {
            type: 'array',
            description: 'Values for In and NotIn.',
            maxItems: 32,
            items: { type: 'string', maxLength: 63 },
          },
        },
        { required: ['key', 'operator'] },
      ),
    },
  });

const peers = (description: string, one: string): Schema => ({
  type: 'array',
  description,
  maxItems: 32,
  items: object(one, {
    podSelector: labelSelector('Pods with these labels.'),
    namespaceSelector: labelSelector('Namespaces with these labels.'),
    ipBlock: object(
      'A range of addresses.',
      {
        cidr: text('Range in CIDR form, for example 10.0.0.0/8.', 49, { minLength: 1, holds: 'address-range' }),
        except: {
          type: 'array',
          description: 'Ranges inside it that are left out.',
          maxItems: 32,
          items: { type: 'string', maxLength: 49, holds: 'address-range' },
        },
      },
      { required: ['cidr'] },
    ),
  }),
});

/** The peers that may connect to the database and that it may connect to, like the peers of a Kubernetes NetworkPolicy. */
export const networkPolicy: Schema = object('Who may reach the members over the network, and whom they may reach.', {
  enabled: flag('Whether a NetworkPolicy is made.', { default: true }),
  from: peers(
    'Who may connect as a client, as peers of a Kubernetes NetworkPolicy; every pod of the same namespace when empty.',
    'One group of clients.',
  ),
  to: peers(
    'Whom the members may connect to beside each other, the API server and their backups, at any port: servers of foreign tables and of subscriptions, for example.',
    'One group of servers.',
  ),
});

/** Labels that a node must have. */
export const nodeSelector: Schema = stringMap('Labels that a node must have to run a member.', 16, 63);

/** Taints that the pods tolerate. */
export const tolerations: Schema = {
  type: 'array',
  description: 'Taints of nodes that the members put up with, as in a pod.',
  maxItems: 16,
  items: object('One taint, or a group of them.', {
    key: text('Key of the taint; every key when absent.', 317),
    operator: text('Exists or Equal.', 8, { enum: ['Exists', 'Equal'] }),
    value: text('Value of the taint, with Equal.', 63),
    effect: text('NoSchedule, PreferNoSchedule or NoExecute; every effect when absent.', 16, {
      enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
    }),
    tolerationSeconds: whole('How long NoExecute is put up with, in seconds.', 0, 86_400, { format: 'int64' }),
  }),
};

/** The service account of the pods. */
export const serviceAccount: Schema = object(
  'The service account ballast-member-NAME of members and backup jobs. It is of this Database alone.',
  {
    annotations: stringMap(
      'Annotations by which a cloud knows the pods, so that a destination without credentialsSecret is opened by their identity: eks.amazonaws.com/role-arn, iam.gke.io/gcp-service-account. A change recreates the members.',
      8,
      2048,
    ),
  },
);
