import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMES } from './databases.ts';
import type { Scene, Tool, Unknown } from './tool.ts';

/** What a tool said, or that it knows no such act. */
type Said = string | Unknown;

/** What a tool is made to do, and what it does not know. */
export interface Act {
  readonly name: string;
  /** What it is, for the documentation. */
  readonly what: string;
  /** Does it; gives what the tool said, or why the tool knows no such thing. */
  readonly play: (tool: Tool, scene: Scene) => Promise<Said>;
}

/** The file of a namespace in the repository. */
export const NAMESPACE_FILE = 'rendered/namespace.yaml';
/** A file that is in the repository beside the Databases. */
export const OTHER_FILE = 'rendered/note.yaml';

const fileOf = ({ namespace }: Scene, name: string): string => `rendered/${namespace}/${name}.yaml`;

function edit(scene: Scene, change: (text: string) => string): void {
  for (const name of NAMES) {
    const path = join(scene.team.repository.clone, fileOf(scene, name));
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  }
}

async function pushed(
  tool: Tool,
  { team }: Scene,
  what: string,
  manner: 'usual' | 'force' | 'replace' = 'usual',
): Promise<string> {
  await team.repository.push(what);
  return tool.sync(manner);
}

/** Takes the claims out of a rendered file. */
function withoutClaims(text: string): string {
  return text
    .split('\n---\n')
    .filter((part) => !part.includes('\nkind: PersistentVolumeClaim\n'))
    .join('\n---\n');
}

/** Asks for less than the volumes have, and for what nobody can change in a StatefulSet. */
function withImpossible(text: string): string {
  return text
    .split('\n---\n')
    .map((part) =>
      part.includes('\nkind: PersistentVolumeClaim\n')
        ? part.replace(/storage: "\d+Mi"/, 'storage: "900Mi"')
        : part.replace('podManagementPolicy: Parallel', 'podManagementPolicy: OrderedReady'),
    )
    .join('\n---\n');
}

/** The acts, in the order in which they are played; the last ones destroy most. */
export const ACTS: readonly Act[] = [
  {
    name: 'old commit',
    what: 'a commit of the time when the volumes were smaller is pushed again',
    play: async (tool: Tool, scene: Scene): Promise<Said> => {
      await scene.team.repository.git('checkout', '--no-overlay', 'first', '--', '.');
      return pushed(tool, scene, 'An old commit');
    },
  },
  {
    name: 'defined twice',
    what: 'each Database stands in two files, and then in one again',
    play: async (tool: Tool, scene: Scene): Promise<Said> => {
      const { repository } = scene.team;
      for (const name of NAMES) {
        repository.write(
          `rendered/copies/${name}.yaml`,
          readFileSync(join(repository.clone, fileOf(scene, name)), 'utf8'),
        );
      }
      const twice = await pushed(tool, scene, 'Twice');
      repository.remove('rendered/copies');
      return `${twice}\n${await pushed(tool, scene, 'Once')}`;
    },
  },
  {
    name: 'delete claim',
    what: 'the claims are taken out of the rendered files (kubectl: deleted by name)',
    play: async (tool: Tool, scene: Scene): Promise<Said> => {
      if (tool.deleteClaims) return tool.deleteClaims();
      edit(scene, withoutClaims);
      return pushed(tool, scene, 'No claims');
    },
  },
  {
    name: 'delete namespace',
    what: "the namespace's file is removed (kubectl: deleted by name)",
    play: async (tool: Tool, scene: Scene): Promise<Said> => {
      if (tool.deleteNamespace) return tool.deleteNamespace();
      scene.team.repository.remove(NAMESPACE_FILE);
      return pushed(tool, scene, 'No namespace');
    },
  },
  {
    name: 'force',
    what: 'smaller claims and an immutable field of the StatefulSets, with the option that deletes what cannot be changed',
    play: async (tool: Tool, scene: Scene): Promise<Said> => {
      if (tool.unknown.force) return { no: tool.unknown.force };
      edit(scene, withImpossible);
      return pushed(tool, scene, 'Impossible', 'force');
    },
  },
  {
    name: 'replace',
    what: 'the same files, with the option that replaces objects',
    play: async (tool: Tool, scene: Scene): Promise<Said> => {
      if (tool.unknown.replace) return { no: tool.unknown.replace };
      return pushed(tool, scene, 'The same', 'replace');
    },
  },
  {
    name: 'remove file',
    what: "the Databases' files are removed, others stay",
    play: async (tool: Tool, scene: Scene): Promise<Said> => {
      for (const name of NAMES) scene.team.repository.remove(fileOf(scene, name));
      return pushed(tool, scene, 'No Databases');
    },
  },
  {
    name: 'empty folder',
    what: 'nothing is left in the folder',
    play: async (tool: Tool, scene: Scene): Promise<Said> => {
      if (tool.unknown['empty folder']) return { no: tool.unknown['empty folder'] };
      const { repository } = scene.team;
      for (const entry of readdirSync(join(repository.clone, 'rendered'))) repository.remove(`rendered/${entry}`);
      repository.write('rendered/README.md', 'Nothing is here any more.\n');
      return pushed(tool, scene, 'Empty');
    },
  },
  {
    name: 'two applications',
    what: 'a second application has the same objects, and is deleted with all that it applied',
    play: (tool: Tool): Promise<Said> => {
      const no = tool.unknown['two applications'];
      return no ? Promise.resolve({ no }) : tool.twoApplications();
    },
  },
  {
    name: 'delete application',
    what: 'the application is deleted with all that it applied',
    play: (tool: Tool): Promise<Said> => tool.deleteApplication(),
  },
];
