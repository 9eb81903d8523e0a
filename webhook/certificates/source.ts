/** The certificate and key that the server presents. */
export interface Credentials {
  /** PEM; the server's certificate first, then the intermediate certificates. */
  readonly certificate: string;
  /** PEM of the private key. */
  readonly key: string;
  readonly notAfter: Date;
}

/** A source of credentials. */
export interface CertificateSource {
  /** Resolves with the first usable credentials; `onChange` is called with each later one. */
  readonly start: (onChange: (credentials: Credentials) => void) => Promise<Credentials>;
  readonly stop: () => Promise<void>;
}
