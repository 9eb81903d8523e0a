/** What the server shows of itself. */
export interface Credentials {
  /** PEM; the server's certificate first, then those between it and its authority. */
  readonly certificate: string;
  /** PEM of the private key. */
  readonly key: string;
  readonly notAfter: Date;
}

/** Where credentials come from, now and later. */
export interface CertificateSource {
  /** Resolves with the first usable credentials; `onChange` is called with each later one. */
  readonly start: (onChange: (credentials: Credentials) => void) => Promise<Credentials>;
  readonly stop: () => Promise<void>;
}
