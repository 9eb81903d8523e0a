/** A review of a Database that is made, as the API server sends it. */
export function reviewOf(spec: object, metadata: object = {}): string {
  const object = {
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name: 'orders', namespace: 'shop', ...metadata },
    spec: { version: '17', storage: { size: '10Gi' }, ...spec },
  };
  const kind = { group: 'db.example.com', version: 'v1alpha1', kind: 'Database' };
  const request = { uid: 'a-uid', kind, operation: 'CREATE', name: 'orders', namespace: 'shop', object };
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request });
}
