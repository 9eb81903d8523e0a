import { names } from '../../generator/names.ts';
import { text } from './cel.ts';

const PREFIX = names.memberAccount('');

/** Whoever runs under the account of a Database's members: each is called so, in whatever namespace. */
export const A_MEMBER = {
  ...{ name: 'a-member', expression: `request.userInfo.username.matches('^system:serviceaccount:[^:]+:${PREFIX}')` },
} as const;

/** The Database whose member it is. */
export const DATABASE_OF_MEMBER = `request.userInfo.username.split(':')[3].replace(${text(PREFIX)}, '', 1)`;

const POD_NAME = text('authentication.kubernetes.io/pod-name');

/** Whether the token of the request is that of a pod; its name is an expression. */
export function isFromPod(pod: string): string {
  return [
    `has(request.userInfo.extra) && ${POD_NAME} in request.userInfo.extra &&`,
    `${pod} in request.userInfo.extra[${POD_NAME}]`,
  ].join('\n');
}

/** The labels or annotations of an object; empty where it has none. */
export function metadataOf(object: 'object' | 'oldObject', field: 'labels' | 'annotations'): string {
  return `has(${object}.metadata.${field}) ? ${object}.metadata.${field} : {}`;
}
