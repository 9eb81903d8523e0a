import { expect } from 'chai';
import type { Manifest } from '../../generator/metadata.ts';
import { installation } from '../../installation/installation.ts';
import { NAMES } from '../../installation/names.ts';
import type { InstallationOptions } from '../../installation/options.ts';
import { DEFAULT_OPTIONS, CONTROLLER_SIZE, WEBHOOK_SIZE } from '../../installation/options.ts';

const WEBHOOK = { ...WEBHOOK_SIZE, certificate: 'cert-manager' } as const;
const CONTROLLER = { ...CONTROLLER_SIZE, mode: 'direct', namespaces: [] } as const;
const WHOLE: InstallationOptions = { ...DEFAULT_OPTIONS, webhook: WEBHOOK, controller: CONTROLLER };

const nameOf = ({ metadata }: Manifest): string => (metadata as { name: string }).name;
const keysOf = (options: InstallationOptions): string[] =>
  installation(options).map((manifest) => {
    const { namespace = '' } = manifest['metadata'] as { namespace?: string };
    return `${manifest.kind} ${namespace}/${nameOf(manifest)}`;
  });
const textOf = (options: InstallationOptions): string => JSON.stringify(installation(options));

describe('An installation', () => {
  it('has each of its objects once', () => {
    const keys = keysOf(WHOLE);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).eql([]);
    expect(keys.length).above(40);
  });

  it('names the namespace that it is given, and no other', () => {
    expect(textOf(WHOLE)).include(DEFAULT_OPTIONS.namespace);
    expect(textOf({ ...WHOLE, namespace: 'platform' })).not.include(DEFAULT_OPTIONS.namespace);
  });

  it('runs the image that it is given, with as many replicas and as much memory as it is given', () => {
    const size = { replicas: 3, resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '2Gi' } } };
    const options = {
      image: 'example.com/b:1',
      webhook: { ...WEBHOOK, ...size },
      controller: { ...CONTROLLER, ...size },
    };
    const deployments = installation({ ...WHOLE, ...options }).filter(({ kind }) => kind === 'Deployment');
    const seen = deployments.map(({ spec }) => {
      const { replicas, template } = spec as { replicas: number; template: { spec: { containers: object[] } } };
      const [container] = template.spec.containers as { image: string; resources: object }[];
      return { replicas, image: container?.image, resources: container?.resources };
    });
    expect(seen).eql(Array.from({ length: 2 }, () => ({ ...size, image: options.image })));
  });

  it('brings nothing of a program that is not asked for, and holds members in any case', () => {
    const members = ['ballast-member-pods', 'ballast-member-configmaps'];
    const { webhook, controller, ...neither } = WHOLE;
    expect(installation(neither).map(nameOf)).include.members(members);
    for (const [options, name] of [
      [{ ...neither, controller }, NAMES.webhook],
      [{ ...neither, webhook }, NAMES.controller],
    ] as const) {
      expect(JSON.stringify(installation(options as InstallationOptions))).not.include(name);
    }
  });

  it('gives the controller its rights in the namespaces that it looks after, or in all', () => {
    const bound = (namespaces: readonly string[]): string[] =>
      keysOf({ ...DEFAULT_OPTIONS, controller: { ...CONTROLLER, namespaces } }).filter(
        (key) => key.includes('Binding /') || key.startsWith('RoleBinding'),
      );
    expect(bound(['shop', 'billing'])).include.members([
      'RoleBinding shop/ballast-controller',
      'RoleBinding billing/ballast-controller',
    ]);
    expect(bound(['shop', 'billing']).join()).not.include('ClusterRoleBinding');
    expect(bound([])).include.members([
      'ClusterRoleBinding /ballast-controller',
      'ClusterRoleBinding /ballast-controller-cluster',
    ]);
  });
});
