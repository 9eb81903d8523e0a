/** A Database as a file; `spec` is laid over two fields that it must have, `metadata` over its name. */
export function database(name: string, spec: object = {}, metadata: object = {}): string {
  return `${JSON.stringify({
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name, namespace: 'shop', ...metadata },
    spec: { version: '17', storage: { size: '20Gi' }, ...spec },
  })}\n`;
}

/** A DatabaseBackup as a file. */
export function backup(name: string, of: string): string {
  return `${JSON.stringify({
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'DatabaseBackup',
    metadata: { name, namespace: 'shop' },
    spec: { databaseRef: { name: of } },
  })}\n`;
}

/** A Database in YAML, in block style, with more lines of its spec. */
export function databaseYaml(...spec: string[]): string {
  const lines = ['version: 17', 'storage: {size: 20Gi}', ...spec].map((line) => `  ${line}\n`);
  return `apiVersion: db.example.com/v1alpha1\nkind: Database\nmetadata: {name: orders, namespace: shop}\nspec:\n${lines.join('')}`;
}

/** A ConfigMap as a file. */
export function configMap(name: string, data: object = {}): string {
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, data })}\n`;
}
