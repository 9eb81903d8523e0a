import { editorSchemas, schemaText } from '../../database/schema/editor.ts';
import type { Forge } from './workflows.ts';
import { WORKFLOWS } from './workflows.ts';

/** What the files of a new repository depend on. */
export interface InitChoices {
  /** The forge whose workflow is written; none when absent. */
  readonly forge?: Forge;
  /** The image of the command line that the workflow runs. */
  readonly image: string;
}

/** The folder of a new repository that its Databases lie in. */
export const DATABASES = 'databases';
/** The folder of a new repository that the manifests are rendered into. */
export const RENDERED = 'rendered';

const SETTINGS = `# yaml-language-server: $schema=.ballast/settings.schema.json
# What depends on this installation, not on a database. \`ballast explain settings\` lists every field.
clusterDomain: cluster.local
controller:
  namespace: ballast-system
  serviceAccount: ballast-controller
`;

const DATABASE = `# yaml-language-server: $schema=../../.ballast/ballast.schema.json
# A first Database: rename it, or write others beside it, in the folder of their namespace. \`ballast explain spec\` lists every field.
apiVersion: db.example.com/v1alpha1
kind: Database
metadata:
  name: orders
  namespace: shop
spec:
  version: "18"
  size: small
  storage:
    size: 20Gi # it may grow, and never shrink
  # Without this nothing is backed up: name a bucket of yours.
  # backup:
  #   destination: {s3: {bucket: acme-backups, prefix: shop/orders, region: eu-central-1, credentialsSecret: backup-keys}}
  deletionPolicy: Protect
`;

const HOOKS = `# Run \`pre-commit install\` once in each clone. The hooks call the program \`ballast\`, which must be on the PATH.
repos:
  - repo: local
    hooks:
      - id: ballast-validate
        name: ballast validate
        entry: ballast validate ${DATABASES}/
        language: system
        pass_filenames: false
        always_run: true
      - id: ballast-generate
        name: ballast generate --check
        entry: ballast generate ${DATABASES}/ --out ${RENDERED}/ --check
        language: system
        pass_filenames: false
        always_run: true
`;

const ATTRIBUTES = `# Reviews fold what Ballast renders.
${RENDERED}/** linguist-generated gitlab-generated
`;

function workflow({ forge, image }: InitChoices): [string, string][] {
  return forge ? [[WORKFLOWS[forge].path, WORKFLOWS[forge].text(image)]] : [];
}

function schemaFile(name: string): [string, string] {
  return [`.ballast/${name}.schema.json`, schemaText(editorSchemas().get(name) ?? {})];
}

/** The files of a new repository, by their path in it. */
export function initFiles(choices: InitChoices): ReadonlyMap<string, string> {
  return new Map([
    schemaFile('ballast'),
    schemaFile('settings'),
    ['ballast.yaml', SETTINGS],
    [`${DATABASES}/shop/orders.yaml`, DATABASE],
    ['.pre-commit-config.yaml', HOOKS],
    ['.gitattributes', ATTRIBUTES],
    ...workflow(choices),
  ]);
}
