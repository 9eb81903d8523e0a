import { readBytes } from '../../cli/sources/read.ts';
import type { FileReview, ReviewOptions } from '../../review/file-review.ts';
import { reviewSource } from '../../review/file-review.ts';
import type { Source } from '../../review/source.ts';

/** A source that the user named, with these bytes, or the text that they are read as. */
export function sourceOf(file: string, content: string | Uint8Array): Source {
  const source = { file, name: file, isNamed: true };
  return { ...source, read: () => readBytes(source, Buffer.from(content)) };
}

/** How sources are reviewed where a test says nothing else. */
export const OPTIONS: ReviewOptions = {
  namespace: 'shop',
  requireNamespace: false,
  now: new Date('2026-11-20T12:00:00Z'),
};

/** The review of one source with this text. */
export function reviewOf(file: string, content: string | Uint8Array, options: Partial<ReviewOptions> = {}): FileReview {
  return reviewSource(sourceOf(file, content), { ...OPTIONS, ...options });
}
