/**
 * Specs of the twenty Databases that an upgrade of Ballast meets, by name: most have one member. Those that name an exact version get the
 * image of that version, others that of their major version.
 */
export const specsFor = (version: string): Readonly<Record<string, object>> => ({
  'plain-0': {},
  'plain-1': {},
  'plain-2': {},
  'plain-3': {},
  'plain-4': {},
  'standby-0': { replicas: 2 },
  'standby-1': { replicas: 2, highAvailability: { synchronous: 'required' } },
  'standby-exact': { version, replicas: 2, monitoring: { enabled: true } },
  'monitored-0': { monitoring: { enabled: true } },
  'monitored-exact': { version, monitoring: { enabled: true, alerting: false } },
  'monitored-parameters': { monitoring: { enabled: true }, parameters: { work_mem: '8MB' } },
  'parameters-exact': { version, parameters: { max_connections: '120' } },
  parameters: { parameters: { shared_buffers: '96MB', log_min_duration_statement: '1s' } },
  'backups-0': { backup: { destination: 'pvc://' } },
  'backups-exact': { version, backup: { destination: 'pvc://' } },
  'backups-monitored': { backup: { destination: 'pvc://' }, monitoring: { enabled: true } },
  'open-network': { networkPolicy: { enabled: false } },
  'apart-exact': { version, podAntiAffinity: 'required' },
  'deleted-with-data': { deletionPolicy: 'Delete' },
  larger: { storage: { size: '1200Mi' } },
});
