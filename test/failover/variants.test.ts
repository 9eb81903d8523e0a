import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { renderVariant } from '../../lab/failover/render.ts';
import { STOCK, VARIANTS, asBaseline, settingsOf } from '../../lab/failover/variants.ts';
import type { VariantName } from '../../lab/failover/variants.ts';

const SUBJECT = { version: '15', image: 'example/postgresql:15', imageId: '1' };

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Record<string, string>;
  readonly spec?: { readonly template: { readonly spec: { readonly containers: { readonly command: string[] }[] } } };
}

const read = (manifests: string): Rendered[] => parseAllDocuments(manifests).map((one) => one.toJS() as Rendered);

describe('the variants', function () {
  this.timeout(20_000);
  const rendered = {} as Record<VariantName, string>;

  before(async () => {
    const names = Object.keys(VARIANTS) as VariantName[];
    await Promise.all(names.map(async (name) => (rendered[name] = await renderVariant(name, SUBJECT))));
  });

  it('are all one Database with the image that is measured', () => {
    for (const manifests of Object.values(rendered)) {
      expect(read(manifests)[0]).to.deep.include({ kind: 'Database' });
      expect(manifests).to.include(SUBJECT.image);
    }
  });

  it('differ in whether commits wait for a standby', () => {
    expect(settingsOf(rendered.preferred)).to.include({ synchronous_mode_strict: false });
    expect(settingsOf(rendered.required)).to.include({ synchronous_mode_strict: true });
  });

  it('have a baseline with Patroni’s stock settings, the same parameters and no callback', () => {
    const settings = settingsOf(rendered.baseline);
    expect(settings)
      .to.deep.include(STOCK)
      .and.not.have.any.keys('synchronous_mode', 'failsafe_mode', 'primary_start_timeout');
    const ours = settingsOf(rendered.preferred)['postgresql'] as { parameters: object };
    expect(settings['postgresql']).to.deep.equal({ use_pg_rewind: true, parameters: ours.parameters });
    expect(rendered.baseline).not.to.include('on_role_change');
  });

  it('have a baseline that starts Patroni and nothing else', () => {
    const commands = read(rendered.baseline)
      .filter(({ kind }) => kind === 'StatefulSet')
      .flatMap(({ spec }) => spec!.template.spec.containers.map(({ command }) => command));
    expect(commands).to.deep.equal([['patroni', '/etc/ballast/patroni.yaml']]);
  });

  it('have a baseline whose other manifests are the same', () => {
    const changed = ({ kind, data }: Rendered): boolean =>
      kind === 'StatefulSet' || data?.['patroni.yaml'] !== undefined;
    const others = (manifests: string): Rendered[] => read(manifests).filter((manifest) => !changed(manifest));
    expect(others(asBaseline(rendered.preferred))).to.deep.equal(others(rendered.preferred));
  });
});
