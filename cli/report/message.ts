import type { LocatedFinding } from '../../review/located-finding.ts';

/** The words of a finding, as all reports for people have them: `path: problem; remedy [context]`. */
export function messageOf({ path, problem, remedy, context }: LocatedFinding): string {
  const at = path === '' ? '' : `${path}: `;
  const about = context === undefined ? '' : ` [${context}]`;
  return `${at}${problem}; ${remedy}${about}`;
}
