import {
  NOT_RESOLVED,
  Schema,
  boolYaml11Tag,
  defineScalarTag,
  mapTag,
  mergeTag,
  nullYaml11Tag,
  seqTag,
  strTag,
} from 'js-yaml';

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]*|[1-9][0-9]*)$/;
const SPECIAL: Readonly<Record<string, number>> = {
  '.inf': Infinity,
  '+.inf': Infinity,
  '-.inf': -Infinity,
  '.nan': NaN,
};

function readInteger(source: string): number | typeof NOT_RESOLVED {
  const match = INTEGER.exec(source.replaceAll('_', ''));
  if (!match) return NOT_RESOLVED;
  const [, sign, digits = ''] = match;
  const octal = /^0[0-7]+$/.test(digits);
  const size = Number(octal ? `0o${digits.slice(1)}` : digits);
  return sign === '-' && size !== 0 ? -size : size;
}

function readFloat(source: string): number | typeof NOT_RESOLVED {
  const special = SPECIAL[source.toLowerCase()];
  if (special !== undefined) return special;
  const digits = source.replaceAll('_', '');
  return FLOAT.test(digits) ? Number(digits) : NOT_RESOLVED;
}

const NUMBER_STARTS = Array.from('-+.0123456789');
const integerTag = defineScalarTag<number>('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: NUMBER_STARTS,
  resolve: readInteger,
  identify: (value) => Number.isInteger(value),
});
const floatTag = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: NUMBER_STARTS,
  resolve: readFloat,
  identify: (value) => typeof value === 'number',
});

/**
 * Plain scalars as kubectl reads them: YAML 1.1 in the dialect of its Go library (go.yaml.in/yaml/v2, resolve.go),
 * where `yes` is true and `0644` is 420, but dates and `12:30` stay text.
 */
export const KUBECTL_SCHEMA = new Schema([
  strTag,
  nullYaml11Tag,
  boolYaml11Tag,
  integerTag,
  floatTag,
  mergeTag,
  seqTag,
  mapTag,
]);
