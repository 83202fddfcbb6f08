import type { Language } from '../shared/domain/language.js';
import type { LicenceFile } from '../shared/domain/licence/licence-file.js';
import type { SealedSheet } from '../shared/domain/licence/witnessed.js';

/** The registers, read completely; wired by the composition root. */
export interface LicenceFileReader {
  read(language: Language): Promise<LicenceFile>;
}

/** The sealed day sheets from a day on (`YYYY-MM-DD`), in order; wired by the composition root. */
export type SheetsFrom = (day: string) => Promise<readonly SealedSheet[]>;

/** Sends a mail to somebody outside, and reports whether the mail server accepted it; wired by the composition root. */
export interface MailCarrier {
  canSend(way: 'mail'): boolean;
  queue(mail: {
    readonly messageId: string;
    readonly way: 'mail';
    readonly to: string;
    readonly subject: string;
    readonly text: string;
    readonly topic: { readonly kind: 'day-sheet'; readonly id: string };
  }): Promise<void>;
  states(messageIds: readonly string[]): Promise<readonly { readonly messageId: string; readonly state: string }[]>;
}

/** The key of the site, which signs what the https witness gets; wired by the composition root. */
export interface SheetSigner {
  readonly fingerprint: string;
  readonly publicKey: string;
  sign(text: string): string;
}
