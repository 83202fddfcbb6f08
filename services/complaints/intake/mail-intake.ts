import { normaliseMail } from '../../shared/domain/people/mail-address.js';
import { seesCase, WHOLE_CENTRE, type CaseScope } from '../cases/case-scope.js';
import type { Complaint } from '../cases/complaint.js';
import type { ComplaintService } from '../complaint-service.js';
import type { ComplaintStore } from '../ports.js';

/** A mail as far as a complaint needs it. */
export interface ReceivedMail {
  readonly messageId: string | undefined;
  readonly from: string | undefined;
  readonly name: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly date: Date | undefined;
  readonly attachments: readonly string[];
  /** `Auto-Submitted` (RFC 3834) or `Precedence`: an answer to it could run in circles. */
  readonly automatic: boolean;
}

export type MailVerdict = { readonly complaint: Complaint } | { readonly ignored: 'automatic' | 'no-sender' | 'empty' | 'known' };

const TEXT_LIMIT = 10_000;
/** Mobile numbers of the mainland; a mail that names just one is about its writer's. */
const MOBILE = /(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?!\d)/g;

/** The one mobile number that a text names; none when it names several, since whose they are is not known. */
export function onlyNumberIn(text: string): string | undefined {
  const numbers = new Set([...text.matchAll(MOBILE)].map(([, a = '', b = '', c = '']) => a + b + c));
  return numbers.size === 1 ? [...numbers][0] : undefined;
}

/** Makes a case of each mail, once. */
export function createMailIntake({
  service,
  complaints,
  read,
  digest,
  now,
}: {
  readonly service: ComplaintService;
  readonly complaints: ComplaintStore;
  readonly read: (raw: Uint8Array) => Promise<ReceivedMail>;
  readonly digest: (bytes: Uint8Array | string) => string;
  readonly now: () => Date;
}) {
  return {
    async take(raw: Uint8Array, by: string, from: string, within: CaseScope = WHOLE_CENTRE): Promise<MailVerdict> {
      const mail = await read(raw);
      if (mail.automatic) return { ignored: 'automatic' };
      const address = normaliseMail(mail.from ?? '');
      if (address === undefined) return { ignored: 'no-sender' };
      const words = [mail.subject, mail.text].filter((part) => part.trim() !== '').join('\n\n');
      if (words === '') return { ignored: 'empty' };
      // The same mail has the same id, however often it is dropped.
      const id = `mail-${digest(mail.messageId ?? raw).slice(0, 32)}`;
      const known = await complaints.byId(id);
      if (known !== undefined) return seesCase(within, known) ? { complaint: known } : { ignored: 'known' };
      const files = mail.attachments.length === 0 ? '' : `\n\n[${mail.attachments.join(', ')}]`;
      const at = now();
      const complaint = await service.open(
        by,
        {
          id,
          within,
          source: 'mail',
          kind: 'other',
          text: (words + files).slice(0, TEXT_LIMIT),
          mail: address,
          name: mail.name?.slice(0, 100),
          number: onlyNumberIn(words),
          // Of a sender's clock that is ahead nothing is believed.
          receivedAt: mail.date === undefined || mail.date > at ? at : mail.date,
        },
        from,
      );
      return { complaint };
    },
  };
}
export type MailIntake = ReturnType<typeof createMailIntake>;
