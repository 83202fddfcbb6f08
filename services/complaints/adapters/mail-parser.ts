import PostalMime from 'postal-mime';
import type { ReceivedMail } from '../intake/mail-intake.js';

/** Reads a mail as it stands (RFC 5322 with MIME). Of HTML alone only the words are kept. */
export async function readMail(raw: Uint8Array): Promise<ReceivedMail> {
  const mail = await PostalMime.parse(raw);
  const header = (name: string): string => mail.headers.find(({ key }) => key === name)?.value.toLowerCase() ?? '';
  const submitted = header('auto-submitted');
  const sent = mail.date === undefined ? Number.NaN : Date.parse(mail.date);
  return {
    messageId: mail.messageId,
    from: mail.from?.address,
    name: mail.from?.name === '' ? undefined : mail.from?.name,
    subject: mail.subject ?? '',
    text: mail.text ?? wordsOf(mail.html ?? ''),
    date: Number.isNaN(sent) ? undefined : new Date(sent),
    attachments: mail.attachments.map(({ filename, mimeType }) => filename ?? mimeType),
    automatic: (submitted !== '' && submitted !== 'no') || /^(bulk|junk|list|auto_reply)$/.test(header('precedence')),
  };
}

/** Without what stands between `<style` or `<script` and its end. By hand: strangers write mails, and a pattern would take the square of their length. */
function withoutCode(html: string): string {
  const lower = html.toLowerCase();
  // Where each next begins and ends; once there is none it is not looked for again.
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
