import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VariantName } from './variants.ts';
import { VARIANTS, databaseOf, asBaseline } from './variants.ts';

/** The program, run from its sources. */
export const CLI = join(import.meta.dirname, '../../cli/main.ts');

function ballast(args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [CLI, ...args], { maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`ballast ${args.join(' ')}: ${stderr.trim()}`, { cause: error }));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
}

/** The subject of a measurement: a version of PostgreSQL and its image. */
export interface Subject {
  readonly version: string;
  readonly image: string;
  /** Digest of the image's configuration: a name may move to another image. */
  readonly imageId: string;
}

/** Changes with the manifests and the image. */
export function fingerprint(manifests: string, { imageId }: Subject): string {
  return createHash('sha256').update(manifests).update(imageId).digest('hex').slice(0, 12);
}

/** Passes a settings file that names the image to some work, and removes it afterwards. */
export async function withSettings<T>(
  { version, image }: Subject,
  work: (settings: string) => T | Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-failover-'));
  try {
    const settings = join(folder, 'ballast.yaml');
    writeFileSync(settings, JSON.stringify({ images: { postgresql: { [version]: image } } }));
    return await work(settings);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The manifests of a variant's Database: the output of the command line, changed only for the baseline's settings. */
export function renderVariant(variant: VariantName, subject: Subject): Promise<string> {
  return withSettings(subject, async (settings) => {
    const generate = ['generate', '-', '--settings', settings, '--no-cache'];
    const manifests = await ballast(generate, JSON.stringify(databaseOf(variant, subject.version)));
    return VARIANTS[variant].stock ? asBaseline(manifests) : manifests;
  });
}

/** The CustomResourceDefinitions. */
export function renderKinds(): Promise<string> {
  return ballast(['crds']);
}
