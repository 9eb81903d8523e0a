import { expect } from 'chai';
import type { Destination, S3Destination, UriStyle, WrittenDestination } from '../../database/destination.ts';
import { backupPlace, destinationOf } from '../../database/destination.ts';
import { bucketFiles, s3Bucket } from '../../generator/bucket.ts';

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
      expect(s3Bucket(written(more)).uriStyle).to.equal(style);
    });
  }

  it('has a file with its authority where a Secret is named, and none elsewhere', () => {
    expect(bucketFiles(written({ caSecret: 'store-ca' }), 'bucket').ca?.file).to.equal('/etc/ballast-bucket-ca/ca.crt');
    expect(bucketFiles(written({}), 'bucket')).to.deep.equal({});
    expect(bucketFiles({ type: 'pvc' }, 'bucket')).to.deep.equal({});
  });

  it('has a file with its key with Google only', () => {
    const credentialsSecret = 'keys';
    const google: Destination = { type: 'gcs', bucket: 'acme', prefix: '', credentialsSecret };
    expect(bucketFiles(google, 'bucket').key?.file).to.equal('/etc/ballast-bucket-key/key.json');
    expect(bucketFiles(google, 'restore').key?.file).to.equal('/etc/ballast-restore-key/key.json');
    expect(bucketFiles(written({ credentialsSecret }), 'bucket')).to.deep.equal({});
  });

  it('does not keep a pod from starting while that Secret is missing', () => {
    const { ca } = bucketFiles(written({ caSecret: 'store-ca' }), 'bucket');
    expect(ca?.volume).to.have.nested.property('secret.optional', true);
  });
});

describe('The place of backups', () => {
  const PLACES: Readonly<Record<string, readonly [WrittenDestination, string | undefined]>> = {
    'a bucket with a prefix': ['s3://acme/shop/orders/', 's3://acme/shop/orders'],
    'a bucket without one': ['s3://acme', 's3://acme/shop/orders'],
    'a bucket of another service': [
      { s3: { bucket: 'acme', endpoint: 'minio:9000' } },
      's3://acme/shop/orders at minio:9000',
    ],
    'a bucket of Google': ['gs://acme//a/b', 'gs://acme/a/b'],
    'a container': ['azure://acme/backups/a', 'azure://acme/backups/a'],
    'a container without a prefix': [
      { azure: { account: 'acme', container: 'backups' } },
      'azure://acme/backups/shop/orders',
    ],
    'a volume, which no other Database reaches': ['pvc://', undefined],
  };
  for (const [name, [destination, place]] of Object.entries(PLACES)) {
    it(`is one text: ${name}`, () => {
      expect(backupPlace(destinationOf(destination), { namespace: 'shop', name: 'orders' })).to.equal(place);
    });
  }
});
