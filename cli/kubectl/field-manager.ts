/** The name under which the API server notes what the plugin writes. */
export const FIELD_MANAGER = 'kubectl-ballast';
