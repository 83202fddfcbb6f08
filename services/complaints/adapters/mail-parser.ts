import PostalMime, { type Email } from 'postal-mime';
import { CallCentreError } from '../../shared/domain/failure.js';
import { overLimit } from '../../shared/platform/files/file-parser.js';
import type { ReceivedMail } from '../intake/mail-intake.js';

const MAX_ATTACHMENTS = 1_000;
const MAX_DEPTH = 20;
/** A case keeps 10,000 characters of its mail. The process returns no more. */
const MAX_TEXT = 100_000;
const MAX_SUBJECT = 1_000;
const MAX_NAMED = 100;

/**
 * Reads a raw mail (RFC 5322 with MIME). From HTML only the text is kept. Runs in its own process. Fails with `too-large` and
 * `details.limit` for too many attachments, and with `invalid-request` for an unreadable mail.
 */
export async function parseMail(raw: Uint8Array): Promise<ReceivedMail> {
  const mail = await parsed(raw);
  if (mail.attachments.length > MAX_ATTACHMENTS)
    throw overLimit('attachments', MAX_ATTACHMENTS, `The mail has more than ${MAX_ATTACHMENTS} attachments.`);
  const header = (name: string): string => mail.headers.find(({ key }) => key === name)?.value.toLowerCase() ?? '';
  const submitted = header('auto-submitted');
  const sent = mail.date === undefined ? Number.NaN : Date.parse(mail.date);
  return {
    messageId: mail.messageId,
    from: mail.from?.address,
    name: mail.from?.name === '' ? undefined : mail.from?.name,
    subject: (mail.subject ?? '').slice(0, MAX_SUBJECT),
    text: (mail.text ?? wordsOf(mail.html ?? '')).slice(0, MAX_TEXT),
    date: Number.isNaN(sent) ? undefined : new Date(sent),
    attachments: mail.attachments.slice(0, MAX_NAMED).map(({ filename, mimeType }) => (filename ?? mimeType).slice(0, 200)),
    automatic: (submitted !== '' && submitted !== 'no') || /^(bulk|junk|list|auto_reply)$/.test(header('precedence')),
  };
}

async function parsed(raw: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(raw, { maxNestingDepth: MAX_DEPTH });
  } catch (error) {
    throw new CallCentreError('invalid-request', 'This is not a readable mail.', { cause: error });
  }
}

/**
 * Removes everything between `<style` or `<script` and its end. By hand, because strangers write the mails and a pattern would take
 * quadratic time.
 */
function withoutCode(html: string): string {
  const lower = html.toLowerCase();
  // The positions of the next beginning and end. Once there is none, it is not searched again.
  const next = new Map([
    ['style', -1],
    ['script', -1],
  ]);
  const pieces: string[] = [];
  let at = 0;
  for (;;) {
    for (const [tag, from] of next)
      if (from < at) {
        const found = lower.indexOf(`<${tag}`, at);
        next.set(tag, found < 0 || lower.indexOf(`</${tag}>`, found) < 0 ? Number.POSITIVE_INFINITY : found);
      }
    const [tag, from] = [...next].sort(([, one], [, other]) => one - other)[0] ?? ['', Number.POSITIVE_INFINITY];
    if (from === Number.POSITIVE_INFINITY) return pieces.concat(html.slice(at)).join('');
    pieces.push(html.slice(at, from));
    at = lower.indexOf(`</${tag}>`, from) + `</${tag}>`.length;
  }
}

const wordsOf = (html: string): string =>
  withoutCode(html)
    .replace(/<(br|\/p|\/div|\/tr)[^<>]*>/gi, '\n')
    .replace(/<[^<>]+>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .trim();
