/**
 * The label that guards a namespace from deletion: `true` while a Database in it is protected; `data` since one in it may have data, whose loss
 * nobody has confirmed.
 */
export type NamespaceGuard = 'true' | 'data' | 'none';
