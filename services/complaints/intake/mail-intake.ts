import type { MailFault } from '../../shared/domain/failure-details.js';
import { normaliseMail } from '../../shared/domain/people/mail-address.js';
import { seesCase, WHOLE_CENTRE, type CaseScope } from '../cases/case-scope.js';
import type { Complaint } from '../cases/complaint.js';
import type { ComplaintService } from '../complaint-service.js';
import type { ComplaintStore } from '../ports.js';

/** The parts of a mail that a complaint needs. */
export interface ReceivedMail {
  readonly messageId: string | undefined;
  readonly from: string | undefined;
  readonly name: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly date: Date | undefined;
  readonly attachments: readonly string[];
  /** `Auto-Submitted` (RFC 3834) or `Precedence`: an answer to such a mail could cause a loop. */
  readonly automatic: boolean;
}

export type MailVerdict = { readonly complaint: Complaint } | { readonly ignored: MailFault };

const TEXT_LIMIT = 10_000;
/** Domestic mobile numbers. If a mail names exactly one, it is taken as its writer's. */
const MOBILE = /(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?!\d)/g;

/** The only mobile number that a text names; none when it names several, because the right one is unknown. */
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
      // The same mail has the same id, however often it arrives.
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
          // The time of a sender's clock that is ahead is ignored.
          receivedAt: mail.date === undefined || mail.date > at ? at : mail.date,
        },
        from,
      );
      return { complaint };
    },
  };
}
export type MailIntake = ReturnType<typeof createMailIntake>;
