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

const wordsOf = (html: string): string =>
  html
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, '')
    .replace(/<(br|\/p|\/div|\/tr)[^>]*>/gi, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .trim();
