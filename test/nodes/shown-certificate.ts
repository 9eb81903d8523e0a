import { X509Certificate } from 'node:crypto';
import { until } from '../cluster/controller.ts';
import { run } from '../../lab/processes/command.ts';
import type { DatabaseUser } from './person.ts';
import { cluster } from './suite.ts';

const SHOWN_MS = 300_000;

/** Serial number of the certificate that a server shows. */
async function serialShownBy(address: string): Promise<bigint> {
  const ask = `openssl s_client -starttls postgres -connect ${address}:5432 </dev/null | openssl x509 -noout -serial`;
  const shown = await run(['nsenter', `--net=/run/netns/${cluster.control.namespace}`, 'sh', '-c', ask]);
  return BigInt(shown.trim().replace('serial=', '0x'));
}

/** Waits until every member shows a certificate, PEM. */
export async function untilShown(user: DatabaseUser, certificate: string): Promise<void> {
  const wanted = BigInt(`0x${new X509Certificate(certificate).serialNumber}`);
  for (const { address } of await user.pods()) {
    await until(
      () => serialShownBy(address!),
      (serial) => serial === wanted,
      SHOWN_MS,
    );
  }
}
