/** How often the public form may be sent. */
export interface FormLimits {
  /** Counts one. Refuses with `too-many-requests` when the address, or all addresses together, sent too many. */
  take(from: string): Promise<void>;
}
