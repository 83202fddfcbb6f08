import type Srf from 'drachtio-srf';
import { CallCentreError, type FailureCode } from '../../shared/domain/failure.js';
import { grantedSeconds, type Register } from '../trunks/registrations.js';

export const SERVER = 'Proofline';
const SIP_OK = 200;

/** Properties that the declarations of drachtio-srf lack. */
export interface Requests {
  request(uri: string, options: object, done: (error: unknown, sent?: Srf.SrfRequest) => void): void;
}

/**
 * OPTIONS outside a dialog. Resolves with the status, or with undefined when no answer came in time. Fails when our SIP server does not
 * send.
 */
export function askOptions(app: Requests, uri: string, withinMs: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), withinMs);
    app.request(`sip:${uri}`, { method: 'OPTIONS', headers: { Accept: 'application/sdp' } }, (error, sent) => {
      if (sent === undefined || (error !== null && error !== undefined)) {
        clearTimeout(timer);
        reject(new CallCentreError('service-unavailable', 'The SIP server does not send', { cause: error }));
        return;
      }
      sent.on('response', (response) => {
        clearTimeout(timer);
        resolve(response?.status ?? 0);
      });
    });
  });
}

/** The final status of the far end as one of our failures. */
export const meanings: Readonly<Record<number, FailureCode>> = {
  401: 'not-allowed',
  403: 'not-allowed',
  404: 'not-found',
  408: 'timed-out',
  480: 'no-agent',
  486: 'busy',
  487: 'timed-out',
  488: 'no-common-codec',
  600: 'busy',
  603: 'busy',
  604: 'not-found',
};

/** REGISTER with digest. Resolves with the granted seconds. */
export async function registerWith(app: Requests, { uri, username, password, expiresS }: Parameters<Register>[0]): Promise<number> {
  const registrar = uri.replace(/^sip:/, '');
  const address = `<sip:${username}@${registrar.split(/[:;]/)[0] ?? ''}>`;
  const headers = { From: address, To: address, Contact: `<sip:${username}@localhost>`, Expires: String(expiresS), 'User-Agent': SERVER };
  const response = await new Promise<Srf.SrfResponse | undefined>((resolve, reject) => {
    const options = { method: 'REGISTER', headers, auth: { username, password } };
    app.request(`sip:${registrar}`, options, (error, sent) => {
      if (sent === undefined || (error !== null && error !== undefined)) {
        reject(new CallCentreError('service-unavailable', 'The SIP server does not send'));
        return;
      }
      sent.on('response', (res) => resolve(res));
    });
  });
  const status = response?.status ?? 0;
  if (response === undefined || status !== SIP_OK)
    throw new CallCentreError(meanings[status] ?? 'service-unavailable', `Answered ${status}`);
  const header = (name: string): string | undefined => (response.has(name) ? response.get(name) : undefined);
  return grantedSeconds(header('Contact'), header('Expires'));
}
