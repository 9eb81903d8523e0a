import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credentials } from '../../webhook/certificates/source.ts';

/** Credentials for the loopback, signed by themselves. */
export function credentialsFor(commonName: string): Credentials {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-credentials-'));
  const path = (name: string): string => join(folder, name);
  const what = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const names = ['-subj', `/CN=${commonName}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', path('key'), '-out', path('certificate')];
  execFileSync('openssl', ['req', '-x509', ...what, ...names, ...files], { stdio: 'ignore' });
  const certificate = readFileSync(path('certificate'), 'utf8');
  const key = readFileSync(path('key'), 'utf8');
  rmSync(folder, { recursive: true });
  return { certificate, key, notAfter: new Date(new X509Certificate(certificate).validTo) };
}
