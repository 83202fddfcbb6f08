import { createTransport } from 'nodemailer';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Messenger } from '../ports.js';

/** Mail by SMTP. There is no SMS without a provider: an answer by SMS is refused with a word that says so. */
export function createSmtpMessenger(smtp: { readonly url: string; readonly from: string } | undefined): Messenger {
  const transport = smtp === undefined ? undefined : createTransport(smtp.url);
  return {
    async send({ how, to, subject, text }) {
      if (how === 'sms') throw new CallCentreError('not-supported', 'No SMS provider is set up; please answer by another way.');
      if (transport === undefined || smtp === undefined)
        throw new CallCentreError('not-supported', 'No mail server is set up (SMTP_URL); please answer by another way.');
      try {
        await transport.sendMail({ from: smtp.from, to, subject, text });
      } catch (error) {
        throw new CallCentreError('service-unavailable', 'The mail server did not take the message; nothing was sent.', { cause: error });
      }
    },
  };
}
