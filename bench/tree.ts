import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Database as teams write them: presets, some with backups, monitoring and parameters. */
function database(index: number): string {
  const size = ['small', 'medium', 'large'][index % 3];
  const parameters = index % 4 === 0 ? '  parameters:\n    max_connections: "200"\n    work_mem: 16MB\n' : '';
  const backup = `  backup:\n    schedule: "${index % 60} 2 * * *"\n    timeZone: Europe/Berlin\n    retention: {days: 7, count: 5}\n    destination: s3://acme-backups/team-${index % 50}/database-${index}\n`;
  return `apiVersion: db.example.com/v1alpha1
kind: Database
metadata:
  name: database-${index}
  namespace: team-${index % 50}
  labels:
    team: team-${index % 50}
spec:
  engine: postgresql
  version: "${15 + (index % 4)}"
  size: ${size}
  storage:
    size: ${10 + (index % 90)}Gi
    storageClassName: fast
${parameters}${index % 2 === 0 ? backup : ''}${index % 3 === 0 ? '  monitoring:\n    enabled: true\n' : ''}`;
}

/** Writes a tree of `count` Databases, a file each, in folders by team. Gives the path of one of the files. */
export function writeTree(root: string, count: number): string {
  for (let team = 0; team < 50; team += 1) mkdirSync(join(root, `team-${team}`), { recursive: true });
  const pathOf = (index: number): string => join(root, `team-${index % 50}`, `database-${index}.yaml`);
  for (let index = 0; index < count; index += 1) writeFileSync(pathOf(index), database(index));
  return pathOf(Math.floor(count / 2));
}
