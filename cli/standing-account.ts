import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify } from '../database/object.ts';
import { Places } from '../database/read/place.ts';
import { MEMBER_ACCOUNT } from '../database/vocabulary.ts';
import { accountsOf } from '../generator/accounts.ts';
import { DEFAULT_ACCOUNT, MEMBER_ACCOUNT_PREFIX, memberAccount } from '../policies/rules/member-account.ts';
import type { Entry } from '../review/entry.ts';
import type { LocatedFinding } from '../review/located-finding.ts';
import { placeFinding } from '../review/located-finding.ts';
import { errorCode } from './errors.ts';
import type { Format } from './rendered-files.ts';
import { outputPath } from './rendered-files.ts';

/** Whether pods in a rendered text run under this service account. */
function namesAccount(text: string, account: string): boolean {
  const inYaml = [account, `"${account}"`, `'${account}'`].map((name) => `serviceAccountName: ${name}\n`);
  return [...inYaml, `"serviceAccountName": "${account}"`].some((line) => text.includes(line));
}

/** A file's text; empty when it is unreadable, which writing it will report. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return '';
  }
}

/** Whether rendering a Database again would change the service account of running members without a request. */
function changesAccount({ object }: Entry, rendered: string): boolean {
  if (object.kind !== 'Database' || object.metadata.annotations?.[MEMBER_ACCOUNT] !== undefined) return false;
  const { name = '' } = object.metadata;
  return accountsOf(object).pods !== name && namesAccount(textOf(rendered), name);
}

function remedyFor(name: string): string {
  const change = `annotate it with ${MEMBER_ACCOUNT}: ${MEMBER_ACCOUNT_PREFIX}${name}, which restarts the members in order`;
  return name === DEFAULT_ACCOUNT ? change : `${change}, or with ${MEMBER_ACCOUNT}: ${name}, which changes nothing`;
}

function findingOf({ object, origin }: Entry): LocatedFinding {
  const about = identify(object);
  const finding = {
    rule: memberAccount.id,
    severity: 'error',
    path: ['metadata', 'annotations'],
    problem: `must say what becomes of the account ${about.name}, which the rendered members run under`,
    remedy: remedyFor(about.name),
  } as const;
  return placeFinding(finding, about, origin, new Places(textOf(origin.file)));
}

/**
 * Findings about Databases whose file in the output folder comes from an earlier version with another service account: overwriting it
 * would restart their members unasked.
 */
export function accountFindings(entries: readonly Entry[], out: string, format: Format): LocatedFinding[] {
  return entries.filter((entry) => changesAccount(entry, join(out, outputPath(entry, format)))).map(findingOf);
}
