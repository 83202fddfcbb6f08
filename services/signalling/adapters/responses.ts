import type Srf from 'drachtio-srf';

export const METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO';
/** Without a reason drachtio-srf sends the default reason of the status. */
const USUAL_REASON = '';

/** Sends a response. If it can no longer be sent (the caller cancelled), nothing is lost. */
export async function send(res: Srf.SrfResponse, status: number, headers: Readonly<Record<string, string>>, body?: string): Promise<void> {
  await new Promise<void>((resolve) =>
    res.send(status, USUAL_REASON, { headers, ...(body === undefined ? {} : { body }) }, () => resolve()),
  );
}
