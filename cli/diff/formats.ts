/** The output formats of `ballast diff`. */
export const DIFF_FORMATS = ['text', 'markdown', 'json'] as const;
/** One of the forms. */
export type DiffFormat = (typeof DIFF_FORMATS)[number];
