import { expect } from 'chai';
import type { S3Destination, UriStyle } from '../../database/destination.ts';
import { backupCa, bucketOf } from '../../generator/bucket.ts';

const written = (more: Partial<S3Destination>): S3Destination => ({ type: 's3', bucket: 'acme', prefix: '', ...more });

const STYLES: Readonly<Record<string, readonly [Partial<S3Destination>, UriStyle]>> = {
  'a bucket of Amazon': [{}, 'host'],
  'a bucket of another service': [{ endpoint: 'minio:9000' }, 'path'],
  'a bucket of another service whose style is written': [{ endpoint: 'minio:9000', uriStyle: 'host' }, 'host'],
  'a bucket of Amazon whose style is written': [{ uriStyle: 'path' }, 'path'],
};

describe('The bucket of a destination', () => {
  for (const [name, [more, style]] of Object.entries(STYLES)) {
    it(`is addressed by its ${style}: ${name}`, () => {
      expect(bucketOf(written(more), 'shop', 'orders').uriStyle).to.equal(style);
    });
  }

  it('has a file with its authority where a Secret is named, and none elsewhere', () => {
    expect(backupCa(written({ caSecret: 'store-ca' }))?.file).to.equal('/etc/ballast-bucket-ca/ca.crt');
    expect(backupCa(written({}))).to.equal(undefined);
    expect(backupCa({ type: 'pvc' })).to.equal(undefined);
  });

  it('does not keep a pod from starting while that Secret is missing', () => {
    expect(backupCa(written({ caSecret: 'store-ca' }))?.volume).to.have.nested.property('secret.optional', true);
  });
});
