/** A sentence by which something keeps what a tool would delete or break, and the way on that stands in it. */
export interface Refusal {
  /** As the table names it. */
  readonly id: string;
  readonly by: string;
  /** Recognises it, with the way on, in what a tool says. */
  readonly text: RegExp;
  /** How a user goes on, for the documentation. */
  readonly wayOn: string;
}

/** All refusals that the guards and the tools have. */
export const REFUSALS: readonly Refusal[] = [
  {
    id: 'protected',
    by: 'the webhook',
    text: /must not be Protect when the Database is deleted; set deletionPolicy to Retain or Delete first, let that be synced, then delete/,
    wayOn: 'set `deletionPolicy` to `Retain` or `Delete` in Git, let that be synced, then delete',
  },
  {
    id: 'unconfirmed',
    by: 'the webhook',
    text: /must be the name of the Database before it is deleted with its data; annotate the Database with db\.example\.com\/confirm-delete: <its name>, let that be synced, then delete/,
    wayOn: 'annotate the Database in Git with `db.example.com/confirm-delete: NAME`, let that be synced, then delete',
  },
  {
    id: 'shrink',
    by: 'the webhook; the CRD without it',
    text: /keep the size; to save space, move the data into a new Database by a dump \(storage-no-shrink\)/,
    wayOn: 'keep the size that the volumes have',
  },
  {
    id: 'data',
    by: 'the policy `ballast-data`',
    text: /holds data of the Database \S+, which no tool deletes unasked: to destroy them for good, confirm it first: kubectl annotate pvc \S+ --namespace=\S+ db\.example\.com\/confirm-delete=/,
    wayOn: '`kubectl annotate pvc CLAIM db.example.com/confirm-delete=CLAIM`, then delete it',
  },
  {
    id: 'protected namespace',
    by: 'the policy `ballast-protected-namespaces`',
    text: /holds a Database with deletionPolicy Protect: change the policy of each, or delete the namespace in which nothing is protected/,
    wayOn: 'change the policy of each protected Database first',
  },
  {
    id: 'namespace with data',
    by: 'the policy `ballast-protected-namespaces`',
    text: /would be destroyed: to do so for good, confirm it first: kubectl annotate namespace \S+ db\.example\.com\/confirm-delete=/,
    wayOn: '`kubectl annotate namespace NAMESPACE db.example.com/confirm-delete=NAMESPACE`, then delete it',
  },
  {
    id: 'webhook away',
    by: 'the API server',
    text: /failed calling webhook "validate\.db\.example\.com"/,
    wayOn: 'bring the webhook back ([how](webhook.md)); the tool tries again, or is told to',
  },
];

/** The refusals that stand in what a tool said. */
export function refusalsIn(said: string): string[] {
  // Some tools break lines or escape quotation marks in what the API server said.
  const text = said
    .replaceAll('\\"', '"')
    .replaceAll('\\u003c', '<')
    .replaceAll('\\u003e', '>')
    .replaceAll(/\s+/g, ' ');
  return REFUSALS.filter((one) => one.text.test(text)).map(({ id }) => id);
}
