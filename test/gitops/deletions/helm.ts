import { kubeconfigOf } from '../../../lab/cluster/keys.ts';
import { inMachine } from '../../../lab/cluster/machine.ts';
import { findGitOpsProgram } from '../../../lab/programs/gitops-programs.ts';
import { saidBy } from './said.ts';
import type { Scene, Tool } from './tool.ts';

const CHART = 'apiVersion: v2\nname: databases\nversion: 0.1.0\n';
/** The rendered files as they are: Helm would read braces of their own as its. */
const TEMPLATE = '{{- range $path, $_ := .Files.Glob "rendered/**.yaml" }}\n---\n{{ $.Files.Get $path }}\n{{- end }}\n';
const RELEASE = 'guarded';

/** Helm, with a chart of what is rendered. */
export function helmTool(): Tool {
  let scene: Scene | undefined;
  let helm = '';
  const run = (...args: string[]): Promise<string> => {
    if (!scene) throw new Error('Helm has not begun');
    // Its own objects lie elsewhere. It says why it could not delete something only with --debug.
    const all = ['--namespace=default', `--kubeconfig=${kubeconfigOf(scene.cluster, 'admin')}`, '--debug'];
    return saidBy(inMachine(scene.cluster.control, [helm, ...args, ...all]));
  };
  const chart = (): string => scene?.team.repository.clone ?? '';
  const upgrade = (...flags: string[]): Promise<string> =>
    run('upgrade', '--install', '--take-ownership', ...flags, RELEASE, chart());
  return {
    name: 'Helm',
    unknown: { replace: '`--force` replaces' },
    begin: async (given) => {
      scene = given;
      helm = await findGitOpsProgram('helm');
      const { repository } = scene.team;
      repository.write('Chart.yaml', CHART);
      repository.write('templates/all.yaml', TEMPLATE);
      repository.write('.helmignore', '.git/\n');
    },
    end: async () => {
      await run('uninstall', RELEASE, '--ignore-not-found');
    },
    sync: async (manner) => {
      const said = await upgrade(...(manner === 'force' ? ['--force'] : []));
      // After an uninstallation that was refused, as docs/deletion.md says.
      if (!said.includes('has no deployed releases')) return said;
      return `${said}\n${await run('rollback', RELEASE)}\n${await upgrade()}`;
    },
    deleteApplication: () => run('uninstall', RELEASE),
    twoApplications: async () => {
      const second = `${RELEASE}-2`;
      const said = await run('install', second, chart());
      return `${said}\n${await run('uninstall', second, '--ignore-not-found')}`;
    },
  };
}
