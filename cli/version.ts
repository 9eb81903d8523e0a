import manifest from '../package.json' with { type: 'json' };

/** The version of Ballast. */
export const VERSION: string = manifest.version;
