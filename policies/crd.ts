import { GROUP, VERSION } from '../database/schema/common.ts';
import type { JsonSchema } from '../database/schema/derive.ts';
import { toStructuralSchema } from '../database/schema/derive.ts';
import type { Kind } from '../database/schema/schema.ts';
import type { KindName, ObjectRule } from './rule.ts';
import { celFor, isCelOfObject } from './rule.ts';
import { OBJECT_RULES } from './rules/index.ts';

interface Validation {
  readonly rule: string;
  readonly message: string;
  readonly reason: 'FieldValueInvalid';
  readonly fieldPath?: string;
  readonly optionalOldSelf?: true;
}

function validation({ cel = '', id, path, remedy, on }: ObjectRule, below: string): Validation {
  const fieldPath = path === below ? {} : { fieldPath: path.slice(below.length) };
  const message = `${remedy} (${id})`;
  // With an optional old self the API server evaluates it for new objects as well, and the rule can tell the two apart.
  if (on === 'create') {
    const rule = `oldSelf.hasValue() || (${cel})`;
    return { rule, message, reason: 'FieldValueInvalid', ...fieldPath, optionalOldSelf: true };
  }
  return { rule: cel, message, reason: 'FieldValueInvalid', ...fieldPath };
}

function validationsOf(kind: Kind): { ofSpec: Validation[]; ofObject: Validation[] } {
  const rules = OBJECT_RULES.filter((rule) => celFor(rule, kind.kind as KindName) !== undefined);
  return {
    ofSpec: rules.filter((rule) => !isCelOfObject(rule)).map((rule) => validation(rule, 'spec')),
    ofObject: rules.filter(isCelOfObject).map((rule) => validation(rule, '')),
  };
}

function fieldPathFixed(found: Validation[]): Validation[] {
  return found.map((one) =>
    one.fieldPath === undefined ? one : { ...one, fieldPath: one.fieldPath.replace(/^(?!\.)/, '.') },
  );
}

function openApiSchema(kind: Kind): JsonSchema {
  const { ofSpec, ofObject } = validationsOf(kind);
  const specSchema = toStructuralSchema(kind.spec);
  return {
    type: 'object',
    description: kind.description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string', description: `Always ${GROUP}/${VERSION}.` },
      kind: { type: 'string', description: `Always ${kind.kind}.` },
      // Only declared so that a rule about the name can give its path.
      metadata: { type: 'object', properties: { name: { type: 'string', maxLength: 253 } } },
      spec: ofSpec.length > 0 ? { ...specSchema, 'x-kubernetes-validations': ofSpec } : specSchema,
      status: toStructuralSchema(kind.status),
    },
    ...(ofObject.length > 0 && { 'x-kubernetes-validations': fieldPathFixed(ofObject) }),
  };
}

/** The CustomResourceDefinition of a kind: its schema, static defaults, columns, and the rules with CEL. */
export function customResourceDefinition(kind: Kind): JsonSchema {
  const { plural, singular, shortNames, columns, scale } = kind;
  const scaleSubresource = {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}`, labels: { 'app.kubernetes.io/part-of': 'ballast' } },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { kind: kind.kind, listKind: `${kind.kind}List`, plural, singular, shortNames, categories: ['all'] },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {}, ...(scale && { scale: scaleSubresource }) },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: openApiSchema(kind) },
        },
      ],
    },
  };
}
