import { isNamespaceName } from '../../database/values/labels.ts';
import { repositoryCopy } from '../argocd/copy.ts';
import { PARAMETERS, excludedBy } from '../argocd/parameters.ts';
import { UsageError } from '../errors.ts';
import { generate } from './generate.ts';

/** The namespace of the Application's destination, which objects that name none get. */
function destinationIn({ ARGOCD_APP_NAMESPACE: namespace }: NodeJS.ProcessEnv): string {
  if (!namespace) return 'default';
  if (isNamespaceName(namespace)) return namespace;
  throw new UsageError('spec.destination.namespace of the Application must be the name of a namespace');
}

/**
 * Renders an Application as Argo CD asks a plugin to: from the current folder and the variables of the environment, onto the standard
 * output. Whatever would leave objects out that belong there is an error, because Argo CD deletes what is missing.
 */
export function argocdPlugin(variables: NodeJS.ProcessEnv): number {
  if (variables['ARGOCD_APP_NAME'] === undefined) {
    throw new UsageError('argocd-plugin is run by Argo CD, in a sidecar of its repository server; use generate');
  }
  const exclude = excludedBy(variables[PARAMETERS]);
  const namespace = destinationIn(variables);
  const { root, path } = repositoryCopy(process.cwd(), variables['ARGOCD_APP_SOURCE_PATH']);
  // Messages name files from the root of the repository, as a user knows them.
  process.chdir(root);
  return generate([path], {
    ...{ namespace, exclude, requireNamespace: false, format: 'yaml', includeOthers: true },
    ...{ cache: false, check: false, allowRemoval: false, refuseEmpty: true },
  });
}
