import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { startSiteKamailio, type Kamailio } from '../../support/phones/kamailio.js';
import { SDP, connectApp, portOf, startServer, type App, type AppDialog } from './sip-support.js';

// The example of infra/kamailio in front of a node, with carriers that bring many calls.

const CARRIER = '127.0.0.31';
const STRANGER = '127.0.0.32';

let node: SipServer;
let nodeApp: App;
let kamailio: Kamailio;
let carrier: SipServer;
let caller: App;
let invited = 0;
const hungUp: string[] = [];

beforeEach(() => {
  invited = 0;
  hungUp.length = 0;
});

async function open(callsPerSecond?: number, from = CARRIER): Promise<void> {
  // The node and the carrier's switch limit nobody: what is refused here the proxy refuses.
  node = await startServer({ timing: {}, limits: { trusted: ['127.0.0.1'] } });
  nodeApp = await connectApp(node);
  nodeApp.options((_request, response) => response.send(200));
  nodeApp.invite((request, response) => {
    invited += 1;
    void nodeApp
      .createUAS(request, response, { localSdp: SDP })
      .then((dialog) => dialog.on('destroy', () => hungUp.push(dialog.sip.callId)));
  });
  const nodes = [`127.0.0.1:${portOf(node, 'udp')}`];
  kamailio = await startSiteKamailio({ carriers: [CARRIER], nodes, ...(callsPerSecond === undefined ? {} : { callsPerSecond }) });
  carrier = await startServer({ contacts: [`sip:${from}:0;transport=udp`] });
  caller = await connectApp(carrier);
}

afterEach(async () => {
  caller.disconnect();
  nodeApp.disconnect();
  await Promise.all([carrier.close(), node.close()]);
  await kamailio[Symbol.asyncDispose]();
});

const dial = (): Promise<AppDialog> => {
  const edge = `127.0.0.1:${kamailio.port}`;
  return caller.createUAC(`sip:4001000@${edge};transport=udp`, { localSdp: SDP, proxy: `sip:${edge};transport=udp` });
};

/** `count` calls, so many a second. */
async function dialAtRate(count: number, perSecond: number): Promise<PromiseSettledResult<AppDialog>[]> {
  const calls: Promise<AppDialog>[] = [];
  for (let i = 0; i < count; i += 1) {
    const call = dial();
    call.catch(() => undefined);
    calls.push(call);
    await pause(1_000 / perSecond);
  }
  return Promise.allSettled(calls);
}

const dialogsOf = (results: readonly PromiseSettledResult<AppDialog>[]): AppDialog[] =>
  results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
const statusesOf = (results: readonly PromiseSettledResult<AppDialog>[]): unknown[] =>
  results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as { status?: number }).status] : []));

describe('the proxy of the example', () => {
  test('lets through what a carrier brings at 25 calls a second, from the INVITE to the BYE', async () => {
    await open();
    const results = await dialAtRate(100, 25);
    expect(statusesOf(results)).toEqual([]);
    const dialogs = dialogsOf(results);
    await Promise.all(dialogs.map((dialog) => dialog.destroy()));
    expect(new Set(hungUp).size).toBe(100);
  }, 30_000);

  test('above the limit refuses new calls with 503 and none of what belongs to a call', async () => {
    await open(10);
    const results = await dialAtRate(60, 50);
    const refused = statusesOf(results);
    expect(refused.length).toBeGreaterThan(10);
    expect(new Set(refused)).toEqual(new Set([503]));
    const dialogs = dialogsOf(results);
    expect(dialogs.length).toBeGreaterThan(5);
    await Promise.all(dialogs.map((dialog) => dialog.modify(SDP)));
    await Promise.all(dialogs.map((dialog) => dialog.destroy()));
    expect(new Set(hungUp).size).toBe(dialogs.length);
  }, 30_000);

  test('answers a stranger nothing', async () => {
    await open(undefined, STRANGER);
    await expect(dial()).rejects.toMatchObject({ status: 408 });
    expect(invited).toBe(0);
  }, 30_000);
});
