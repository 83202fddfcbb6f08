import { createTransport } from 'nodemailer';
import { UndeliverableError, type Provider } from '../ports.js';

const TIMEOUT_MS = 30_000;

/** Mail by SMTP (RFC 5321). A 5xx answer is final; everything else is tried again (clause 4.2.1). */
export function createSmtpProvider(smtp: { readonly url: string; readonly from: string }): Provider {
  const transport = createTransport({
    url: smtp.url,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  const domain = smtp.from.slice(smtp.from.lastIndexOf('@') + 1).replace(/>.*$/, '') || 'localhost';
  return {
    async send({ messageId, to, subject, text, topic, attachment }) {
      try {
        await transport.sendMail({
          from: smtp.from,
          to,
          subject,
          text,
          messageId: `<${messageId}@${domain}>`,
          // RFC 3834: no machine answers these mails, and ours opens no case from them.
          ...(topic.kind === 'complaint-receipt' ? { headers: { 'Auto-Submitted': 'auto-replied' } } : {}),
          ...(topic.kind === 'alarm' || topic.kind === 'report' ? { headers: { 'Auto-Submitted': 'auto-generated' } } : {}),
          ...(attachment === undefined
            ? {}
            : {
                attachments: [
                  { filename: attachment.fileName, contentType: attachment.mediaType, content: attachment.base64, encoding: 'base64' },
                ],
              }),
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      } catch (error) {
        if (error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number' && error.responseCode >= 500)
          throw new UndeliverableError(`SMTP ${error.responseCode}`, { cause: error });
        throw error;
      }
    },
  };
}
