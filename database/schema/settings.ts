import { flag, object, objectName, stringMap, text } from './common.ts';
import type { Schema } from './schema.ts';

/** A reference to an image; other reasons for a failed pull are unknown here. */
export const IMAGE = /^[a-zA-Z0-9][-a-zA-Z0-9._/:@]*$/;
const LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
const SUBDOMAIN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';

const images = (what: string): Schema => ({
  type: 'object',
  description: what,
  maxProperties: 64,
  additionalProperties: { type: 'string', minLength: 1, maxLength: 512, pattern: IMAGE.source },
});

/** `ballast.yaml`: settings of the installation, not of a database. */
export const settingsSchema: Schema = object('What depends on the installation, not on a database.', {
  images: object('Container images by version: a major (16) or an exact version (16.3); a digest may be part of it.', {
    postgresql: images('Images of PostgreSQL with Patroni and pgBackRest; ballast/postgresql:<major> when absent.'),
    mysql: images('Images of MySQL; ballast/mysql:<major> when absent.'),
    mongodb: images('Images of MongoDB; ballast/mongodb:<major> when absent.'),
    exporters: images(
      'Images of the metrics exporters by engine; when absent, the one of the member for PostgreSQL, and ballast/<engine>-exporter.',
    ),
  }),
  clusterDomain: text('DNS domain of the cluster.', 253, { default: 'cluster.local', pattern: SUBDOMAIN }),
  controller: object(
    'The service account that the controller runs under.',
    {
      namespace: text('Namespace of the controller.', 63, { default: 'ballast-system', pattern: LABEL }),
      serviceAccount: objectName('Name of its service account.', 253, { default: 'ballast-controller' }),
    },
    { default: { namespace: 'ballast-system', serviceAccount: 'ballast-controller' } },
  ),
  storageClassName: objectName('StorageClass of volumes whose Database names none.', 253),
  labels: stringMap('Labels for every rendered object.', 32, 63),
  annotations: stringMap('Annotations for every rendered object.', 32, 4096),
  monitoring: flag('Whether monitoring is on in a Database that does not say.', { default: false }),
});
