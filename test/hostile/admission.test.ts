import { expect } from 'chai';
import { readYaml } from '../../database/read/yaml.ts';
import { answer } from '../../webhook/answer.ts';
import type { Growth } from './cost.ts';
import { growthLine, growthOf, isLinear } from './cost.ts';
import { FIELD_SHAPES, KEY_SHAPES } from './shapes/fields.ts';
import { OBJECT_SHAPES } from './shapes/objects.ts';
import type { Shape } from './shapes/shape.ts';
import { isComplete } from '../complete.ts';

/** The maximum size that the webhook answers in its own thread. */
const LARGE_BYTES = 64 * 1024;
/** Nothing may hang, on however busy a machine. */
const LONGEST_SECONDS = 5;
const NOW = new Date(0);

const SHAPES: Readonly<Record<string, Shape>> = { ...OBJECT_SHAPES, ...KEY_SHAPES, ...FIELD_SHAPES };
const CHOSEN = Object.entries(SHAPES).filter((_, index) => isComplete || index % 3 === 0);

/** A review of the object that a text holds, as an update of itself; a text that no webhook is ever sent gives none. */
function reviewOf(text: string): object | undefined {
  const yaml = readYaml(text);
  const object = yaml.ok ? yaml.values.find((value) => value !== null) : undefined;
  if (object === undefined) return undefined;
  const kind = { group: 'db.example.com', version: 'v1alpha1', kind: 'Database' };
  const request = { uid: 'u', operation: 'UPDATE', kind, name: 'orders', namespace: 'shop', object, oldObject: object };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request };
}

/** The largest body that a shape gives within some bytes. */
function bodyOf(shape: Shape, bytes: number): Uint8Array | undefined {
  for (let characters = bytes; characters > 2000; characters *= 0.8) {
    const review = reviewOf(shape(Math.floor(characters)));
    if (!review) return undefined;
    const body = Buffer.from(JSON.stringify(review));
    if (body.length <= bytes) return body;
  }
  return undefined;
}

describe('A review of 64 KiB costs the webhook what its size allows', function () {
  this.timeout(LONGEST_SECONDS * 20_000);
  const grown: [string, Growth][] = [];

  after(() => {
    const worst = grown.sort(([, a], [, b]) => b.large - a.large).slice(0, 5);
    process.stdout.write(`    the most:\n${worst.map(([name, growth]) => growthLine(name, growth)).join('')}`);
  });

  for (const [name, shape] of CHOSEN) {
    it(name, async function () {
      if (!bodyOf(shape, LARGE_BYTES)) this.skip();
      const work = (bytes: number) => {
        const body = bodyOf(shape, bytes) ?? new Uint8Array();
        return () => [answer('validate', body, NOW), answer('mutate', body, NOW)];
      };
      const growth = await growthOf(work, LARGE_BYTES);
      grown.push([name, growth]);
      expect(isLinear(growth), growthLine(name, growth)).to.equal(true);
      expect(growth.large).to.be.below(LONGEST_SECONDS);
    });
  }
});
