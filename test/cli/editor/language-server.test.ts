import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { ROOT, folderWith } from '../run.ts';
import { LanguageServer } from './language-server.ts';

const SCHEMA = readFileSync(join(ROOT, 'schemas/ballast.schema.json'));
const MODELINE = '# yaml-language-server: $schema=../../.ballast/ballast.schema.json\n';
const WRONG = `${MODELINE}apiVersion: db.example.com/v1alpha1
kind: Database
metadata: {name: orders, namespace: shop}
spec:
  version: "17"
  storage: {size: 20Gi}
  replica: 3
  deletionPolicy: Keep
  backup:
    schedule: "0 2 * * *"
---
apiVersion: v1
kind: ConfigMap
metadata: {name: other}
data: {a: b}
`;

describe('An editor with the YAML language server', function () {
  this.timeout(60_000);
  const folder = folderWith({ '.ballast/ballast.schema.json': SCHEMA, 'databases/shop/orders.yaml': WRONG });
  const uri = pathToFileURL(join(folder, 'databases/shop/orders.yaml')).href;
  let server: LanguageServer;
  let found: { readonly line: number; readonly message: string }[];

  before(async () => {
    server = new LanguageServer();
    await server.begin();
    const diagnostics = await server.open(uri, WRONG);
    found = diagnostics.map(({ message, range }) => ({ line: range.start.line, message }));
  });
  after(() => {
    server.end();
  });

  it('marks a field that is not there, and a value that is not allowed, and nothing else', () => {
    expect(found.map(({ line }) => line)).to.have.members([7, 8]);
    expect(found.find(({ line }) => line === 7)?.message).to.equal('Property replica is not allowed.');
    expect(found.find(({ line }) => line === 8)?.message).to.contain('"Protect", "Retain", "Delete"');
  });

  it('describes the field under the cursor', async () => {
    expect(await server.hover(uri, 10, 6))
      .to.contain('five fields')
      .and.to.contain('@daily');
  });

  it('offers the fields of a spec', async () => {
    expect(await server.complete(uri, 7, 2)).to.include.members(['replicas', 'monitoring', 'parameters']);
  });
});
