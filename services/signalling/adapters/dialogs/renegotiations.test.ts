import { expect, test } from '@jest/globals';
import type Srf from 'drachtio-srf';
import { CallCentreError } from '../../../shared/domain/failure.js';
import { silentLogger } from '../../../shared/platform/processes/logger.js';
import { createRenegotiations, type Renegotiations } from './renegotiations.js';

const request = (method: string, body = '', number = 1): Srf.SrfRequest =>
  ({ method, body, get: () => `${number} ${method}` }) as unknown as Srf.SrfRequest;
const ack = (body: string, number = 1): Srf.SrfRequest => request('ACK', body, number);

function make(): { readonly renegotiations: Renegotiations; readonly sent: string[]; readonly answered: string[] } {
  const sent: string[] = [];
  const answered: string[] = [];
  const renegotiations = createRenegotiations({
    send: async (_res, status, _headers, body) => void sent.push(body === undefined ? String(status) : `${status} ${body}`),
    log: silentLogger,
  });
  renegotiations.set({
    answer: async (offer) => {
      if (offer === 'bad') throw new CallCentreError('no-common-codec', 'bad');
      return `answer to ${offer}`;
    },
    offer: () => 'ours',
    answered: async (answer) => void answered.push(answer),
  });
  return { renegotiations, sent, answered };
}

const say = ({ renegotiations }: ReturnType<typeof make>, method: string, body?: string, known?: string): Promise<string | undefined> =>
  renegotiations.answer(request(method, body), {} as Srf.SrfResponse, known);

test('an offer is answered, one that cannot be followed is refused with 488, an empty UPDATE refreshes', async () => {
  const made = make();
  expect(await say(made, 'INVITE', 'theirs')).toBe('answer to theirs');
  expect(await say(made, 'INVITE', 'bad')).toBeUndefined();
  await say(made, 'UPDATE');
  expect(made.sent).toEqual(['200 answer to theirs', '488', '200']);
});

test('a re-INVITE without an offer is answered with ours, and the ACK is its answer, once', async () => {
  const made = make();
  expect(await say(made, 'INVITE')).toBe('ours');
  made.renegotiations.acknowledged(ack('theirs'));
  made.renegotiations.acknowledged(ack('again'));
  expect(made.answered).toEqual(['theirs']);
});

test('the ACK of an INVITE before is not the answer to our offer', async () => {
  const made = make();
  await made.renegotiations.answer(request('INVITE', '', 3), {} as Srf.SrfResponse);
  expect(made.renegotiations.acknowledged(ack('', 2))).toBe(false);
  expect(made.renegotiations.acknowledged(ack('theirs', 3))).toBe(true);
  expect(made.answered).toEqual(['theirs']);
});

test('while our offer waits for its answer another is refused with 491; an ACK without an answer ends the wait', async () => {
  const made = make();
  await say(made, 'INVITE');
  await say(made, 'UPDATE', 'theirs');
  await say(made, 'INVITE');
  made.renegotiations.acknowledged(ack(''));
  await say(made, 'INVITE', 'theirs');
  expect(made.sent).toEqual(['200 ours', '491', '491', '200 answer to theirs']);
  expect(made.answered).toEqual([]);
});

test('of a dialog that nobody speaks for what was said before stands, and 491 where that is unknown', async () => {
  const sent: string[] = [];
  const renegotiations = createRenegotiations({
    send: async (_res, status, _headers, body) => void sent.push(body === undefined ? String(status) : `${status} ${body}`),
    log: silentLogger,
  });
  await renegotiations.answer(request('INVITE', 'theirs'), {} as Srf.SrfResponse, 'before');
  await renegotiations.answer(request('INVITE'), {} as Srf.SrfResponse);
  expect(sent).toEqual(['200 before', '491']);
});

test('an offer that comes before anybody speaks for the dialog, or at a takeover, is applied once somebody does, the newest once', async () => {
  const applied: string[] = [];
  const renegotiations = createRenegotiations({ send: async () => undefined, log: silentLogger });
  renegotiations.applies('from the takeover');
  await renegotiations.answer(request('INVITE', 'moved'), {} as Srf.SrfResponse, 'before');
  const speaker = {
    answer: async (offer: string) => {
      applied.push(offer);
      if (offer === 'bad') throw new CallCentreError('media-address-not-allowed', 'bad');
      return 'ours';
    },
    offer: () => 'ours',
    answered: async () => undefined,
  };
  renegotiations.set(speaker);
  renegotiations.set(speaker);
  expect(applied).toEqual(['moved']);
  renegotiations.applies('bad');
  renegotiations.applies('again');
  expect(applied).toEqual(['moved', 'bad', 'again']);
});
