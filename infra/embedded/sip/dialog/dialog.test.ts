import { expect, test } from '@jest/globals';
import { Headers } from '../message/headers.js';
import { NO_BODY, type SipRequest, type SipResponse } from '../message/message.js';
import { afterRequest, afterResponse, dialogAsUac, dialogAsUas, nextSequence, routingOf, type Dialog } from './dialog.js';
import { acceptsReliable, orderOf, parseRAck } from './reliable.js';
import { agreedInterval, deadlineMs, grantInterval, intervalTooSmall } from './session-timer.js';

function headers(lines: readonly (readonly [string, string])[]): Headers {
  const result = Headers.empty();
  for (const [name, value] of lines) result.add(name, value);
  return result;
}

function request(method: string, extra: readonly (readonly [string, string])[] = []): SipRequest {
  const lines: (readonly [string, string])[] = [
    ['From', '<sip:a@h>;tag=a1'],
    ['To', '<sip:b@h>'],
    ['Call-ID', 'c'],
    ['CSeq', `7 ${method}`],
    ['Contact', '<sip:a@10.0.0.1:5070>'],
  ];
  return { kind: 'request', method, uri: 'sip:b@h', headers: headers([...lines, ...extra]), body: NO_BODY };
}

function response(status: number, extra: readonly (readonly [string, string])[] = []): SipResponse {
  const lines: (readonly [string, string])[] = [
    ['To', '<sip:b@h>;tag=b1'],
    ['CSeq', '7 INVITE'],
    ['Contact', '"B, the other" <sip:b@10.0.0.2>, <sip:second@10.0.0.3>'],
  ];
  return { kind: 'response', status, reason: '', headers: headers([...lines, ...extra]), body: NO_BODY };
}

const routes: (readonly [string, string])[] = [
  ['Record-Route', '<sip:p2;lr>'],
  ['Record-Route', '<sip:p1;lr>'],
];

test('the callee keeps the route set in order, the caller reverses it (12.1.1, 12.1.2)', () => {
  const uas = dialogAsUas(request('INVITE', routes), response(200));
  const uac = dialogAsUac(request('INVITE'), response(200, routes));
  expect(uas).toMatchObject({
    localTag: 'b1',
    remoteTag: 'a1',
    remoteSeq: 7,
    remoteTarget: 'sip:a@10.0.0.1:5070',
    routeSet: ['<sip:p2;lr>', '<sip:p1;lr>'],
  });
  expect(uac).toMatchObject({
    localTag: 'a1',
    remoteTag: 'b1',
    localSeq: 7,
    remoteTarget: 'sip:b@10.0.0.2',
    routeSet: ['<sip:p1;lr>', '<sip:p2;lr>'],
  });
});

const dialog: Dialog = dialogAsUas(request('INVITE'), response(200));

test.each([
  ['none', [], 'sip:a@10.0.0.1:5070', [], 'sip:a@10.0.0.1:5070'],
  ['loose', ['<sip:p1;lr>', '<sip:p2>'], 'sip:a@10.0.0.1:5070', ['<sip:p1;lr>', '<sip:p2>'], 'sip:p1;lr'],
  ['strict', ['<sip:p1>', '<sip:p2;lr>'], 'sip:p1', ['<sip:p2;lr>', '<sip:a@10.0.0.1:5070>'], 'sip:p1'],
])('route set %s (12.2.1.1)', (_name, routeSet, requestUri, expected, nextHop) => {
  expect(routingOf({ ...dialog, routeSet })).toEqual({ requestUri, routes: expected, nextHop });
});

test('a lower CSeq is out of order, an equal or higher one moves on, INVITE moves the target, INFO does not (12.2.2)', () => {
  const at = (method: string, seq: number): SipRequest => {
    const message = request(method);
    message.headers.set('CSeq', `${String(seq)} ${method}`).set('Contact', '<sip:moved@h>');
    return message;
  };
  expect(afterRequest(dialog, at('INFO', 6))).toBe('out-of-order');
  expect(afterRequest(dialog, at('INFO', 9))).toMatchObject({ remoteSeq: 9, remoteTarget: 'sip:a@10.0.0.1:5070' });
  expect(afterRequest(dialog, at('INVITE', 9))).toMatchObject({ remoteTarget: 'sip:moved@h' });
  expect(afterResponse(dialog, 'INVITE', response(200))).toMatchObject({ remoteTarget: 'sip:b@10.0.0.2' });
  expect(afterResponse(dialog, 'INVITE', response(488))).toBe(dialog);
  expect(afterResponse(dialog, 'INFO', response(200))).toBe(dialog);
});

test('the next sequence number is one more, or what a digest retry chose', () => {
  expect(nextSequence({ ...dialog, localSeq: 4 }, undefined)).toBe(5);
  expect(nextSequence({ ...dialog, localSeq: 4 }, 9)).toBe(9);
  expect(nextSequence({ ...dialog, localSeq: 4 }, 2)).toBe(5);
});

test('RFC 4028: 422 below 90 s, the caller refreshes unless it asks us to, and when', () => {
  const asks = (value: string): SipRequest =>
    request('INVITE', [
      ['Supported', 'timer'],
      ['Session-Expires', value],
    ]);
  expect(intervalTooSmall(asks('89'))).toBe(true);
  expect(intervalTooSmall(asks('90'))).toBe(false);
  expect(intervalTooSmall(request('INVITE', [['Session-Expires', '30']]))).toBe(false);
  const granted = response(200);
  grantInterval(asks('1800'), granted);
  expect(granted.headers.get('session-expires')).toBe('1800;refresher=uac');
  expect(agreedInterval(granted, true)).toEqual({ seconds: 1_800, refresher: 'remote' });
  const ours = response(200);
  grantInterval(asks('1800;refresher=uas'), ours);
  expect(agreedInterval(ours, true)).toEqual({ seconds: 1_800, refresher: 'local' });
  expect(agreedInterval(ours, false)).toEqual({ seconds: 1_800, refresher: 'remote' });
  expect(deadlineMs({ seconds: 1_800, refresher: 'local' })).toBe(900_000);
  expect(deadlineMs({ seconds: 1_800, refresher: 'remote' })).toBe(1_768_000);
  expect(deadlineMs({ seconds: 90, refresher: 'remote' })).toBe(60_000);
});

test('RFC 4028: a sender that does not name the timer gets one all the same, refreshed by us unless it says that it will', () => {
  const granted = (value: string): (string | undefined)[] => {
    const ok = response(200);
    grantInterval(request('INVITE', [['Session-Expires', value]]), ok);
    return [ok.headers.get('session-expires'), ok.headers.get('require')];
  };
  expect(granted('90; refresher=uac')).toEqual(['90;refresher=uac', undefined]);
  expect(granted('1800')).toEqual(['1800;refresher=uas', undefined]);
  expect(granted('30')).toEqual([undefined, undefined]);
});

test('RFC 3262: RAck, who takes reliable responses, and their order', () => {
  expect(parseRAck('776656 1 INVITE')).toEqual({ rseq: 776_656, cseq: 1, method: 'INVITE' });
  expect(parseRAck('78915 1 INVITE INVITE')).toEqual({ rseq: 78_915, cseq: 1, method: 'INVITE' });
  expect(['x', '1 1 INVITE BYE', '1 1 INVITE INVITE INVITE'].map(parseRAck)).toEqual([undefined, undefined, undefined]);
  expect(acceptsReliable(request('INVITE', [['Supported', 'timer, 100rel']]))).toBe(true);
  expect(acceptsReliable(request('INVITE'))).toBe(false);
  expect([orderOf(5, undefined), orderOf(6, 5), orderOf(5, 5), orderOf(8, 5)]).toEqual(['next', 'next', 'repeated', 'early']);
});
