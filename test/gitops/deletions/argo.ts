import { startArgo, stopArgo, ARGO_NAMESPACE } from '../../../lab/gitops/argocd.ts';
import { run } from '../../../lab/processes/command.ts';
import type { ApplicationState } from '../application.ts';
import { Application, wordsOf } from '../application.ts';

import { saidBy } from './said.ts';
import type { Manner, Scene, Tool } from './tool.ts';

const NAME = 'guarded';
const DONE_MS = 240_000;
const REFUSED_MS = 20_000;
/** Force with Replace is what deletes and makes again. */
const MANNERS: Readonly<Record<'force' | 'replace', object>> = {
  force: { syncStrategy: { apply: { force: true } }, syncOptions: ['Replace=true'] },
  replace: { syncOptions: ['Replace=true'] },
};
const ENDED = new Set(['Succeeded', 'Failed', 'Error']);

const everythingOf = (state: ApplicationState): string => wordsOf(state).join('\n');

/** What an Application says of its own deletion. */
async function refusedDeletion(kubectl: string, application: Application, name: string): Promise<string> {
  const remove = ['delete', 'application', name, `--timeout=${REFUSED_MS / 1000}s`] as const;
  const said = await saidBy([kubectl, `--namespace=${ARGO_NAMESPACE}`, ...remove]);
  const left = await application.state().catch(() => undefined);
  if (left) await application.delete({ isCascading: false }, 60_000);
  return `${said}\n${left ? everythingOf(left) : ''}`;
}

/** Argo CD, with an Application that syncs, prunes and heals by itself. */
export function argoTool(): Tool {
  let scene: Scene | undefined;
  const at = (): Scene => {
    if (!scene) throw new Error('Argo CD has not begun');
    return scene;
  };
  const named = (name: string): Application =>
    new Application(at().cluster.kubectl, {
      ...{ name, repository: at().team.repository.bare, namespace: at().namespace, retries: 0 },
    });

  async function operate(manner: 'force' | 'replace'): Promise<string> {
    const operation = { sync: { revision: 'main', prune: true, ...MANNERS[manner] } };
    const patch = `--patch=${JSON.stringify({ operation })}`;
    const application = ['patch', 'application', NAME, '--type=merge', patch] as const;
    await run([at().cluster.kubectl, `--namespace=${ARGO_NAMESPACE}`, ...application]);
    const begun = Date.now();
    const state = await named(NAME).until(
      `done with ${manner}`,
      // A moment passes before the request becomes the operation that is looked at.
      (now) => Date.now() - begun > 3000 && ENDED.has(now.operation.phase),
      DONE_MS,
    );
    return everythingOf(state);
  }

  async function automated(): Promise<string> {
    const revision = (await at().team.repository.git('rev-parse', 'HEAD')).trim();
    const application = named(NAME);
    await application.apply();
    await application.refresh();
    const state = await application.until(
      `done with ${revision}`,
      ({ operation, conditions, sync, revision: compared }) => {
        if (compared !== revision) return conditions.some((one) => one.startsWith('ComparisonError'));
        if (operation.revision === revision) return ENDED.has(operation.phase);
        // A sync that Argo CD does not begin, because nothing changed or because it would delete everything.
        return sync === 'Synced' || conditions.some((one) => one.startsWith('SyncError'));
      },
      DONE_MS,
    );
    return everythingOf(state);
  }

  return {
    name: 'Argo CD',
    unknown: {},
    begin: async (given) => {
      scene = given;
      await startArgo(given.cluster);
    },
    end: async () => {
      if (!scene) return;
      for (const name of [NAME, `${NAME}-2`]) {
        await named(name)
          .delete({ isCascading: false }, 60_000)
          .catch(() => undefined);
      }
      await stopArgo(at().cluster);
    },
    sync: async (manner: Manner) => {
      const said = await automated();
      return manner === 'usual' ? said : `${said}\n${await operate(manner)}`;
    },
    deleteApplication: () => refusedDeletion(at().cluster.kubectl, named(NAME), NAME),
    twoApplications: async () => {
      const name = `${NAME}-2`;
      const second = named(name);
      await second.apply();
      await second.refresh();
      const state = await second.until('done', ({ operation }) => ENDED.has(operation.phase), DONE_MS);
      return `${everythingOf(state)}\n${await refusedDeletion(at().cluster.kubectl, second, name)}`;
    },
  };
}
