import type { Finding } from '../database/finding.ts';
import { settingsSchema } from '../database/schema/settings.ts';
import { fieldReader, fieldsHolding } from '../database/schema/typed-fields.ts';
import type { Settings } from '../database/types.ts';
import { below, wrongAnnotations, wrongLabels } from './labels.ts';
import type { Context } from './rule.ts';
import { OBJECT_RULES } from './rules/index.ts';
import { labelsValid } from './rules/labels-valid.ts';
import { isTypeRule } from './type-rule.ts';

/** No setting is a point in time, so rules about settings read no clock. */
const CONTEXT: Context = { now: new Date(0) };

function typeFindings(settings: Settings): Finding[] {
  return OBJECT_RULES.filter(isTypeRule).flatMap(({ id: rule, holds, severity, remedy, judge }) =>
    fieldsHolding(settingsSchema, holds).flatMap((field) =>
      fieldReader(field)(settings).flatMap(({ path, value }) =>
        judge(value, path, CONTEXT).map((found): Finding => ({ rule, severity, remedy, path, ...found })),
      ),
    ),
  );
}

function labelFindings({ labels, annotations }: Settings): Finding[] {
  const { id: rule, remedy, severity } = labelsValid;
  const found = [...below(['labels'], wrongLabels(labels)), ...below(['annotations'], wrongAnnotations(annotations))];
  return found.map((one) => ({ rule, severity, remedy, ...one }));
}

/** The problems of settings that passed their schema: the rules of a type apply as in an object. */
export function settingsFindings(settings: Settings): Finding[] {
  return [...typeFindings(settings), ...labelFindings(settings)];
}
