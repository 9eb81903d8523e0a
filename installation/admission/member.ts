import { names } from '../../generator/names.ts';
import { text } from './cel.ts';

const PREFIX = names.memberAccount('');

/** Matches the service accounts of Databases' members by their names, in any namespace. */
export const A_MEMBER = {
  ...{ name: 'a-member', expression: `request.userInfo.username.matches('^system:serviceaccount:[^:]+:${PREFIX}')` },
} as const;

/** The Database of the calling member. */
export const DATABASE_OF_MEMBER = `request.userInfo.username.split(':')[3].replace(${text(PREFIX)}, '', 1)`;

const POD_NAME = text('authentication.kubernetes.io/pod-name');

/** Whether the request's token belongs to a pod; the pod's name is an expression. */
export function isFromPod(pod: string): string {
  return [
    `has(request.userInfo.extra) && ${POD_NAME} in request.userInfo.extra &&`,
    `${pod} in request.userInfo.extra[${POD_NAME}]`,
  ].join('\n');
}

/** The labels or annotations of an object; empty where absent. */
export function metadataOf(object: 'object' | 'oldObject', field: 'labels' | 'annotations'): string {
  return `has(${object}.metadata.${field}) ? ${object}.metadata.${field} : {}`;
}
