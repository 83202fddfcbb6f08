import { expect, test } from '@jest/globals';
import { TrunkIdentity } from '../shared/contracts/trunks/trunk-sheet.js';
import { identityHeaders } from './identity.js';

const digest = { username: 'site 1', password: 'secret' };
const callOut = { from: '4001000', way: 'call-out' } as const;

test('the number shown stands in From and P-Asserted-Identity where the sheet says nothing', () => {
  expect(identityHeaders({}, callOut)).toEqual({ From: '<sip:4001000@localhost>', 'P-Asserted-Identity': '<sip:4001000@localhost>' });
});

test('a carrier that wants its account and its domain in From reads the number shown in the header that it asks for', () => {
  const identity = { user: 'account', domain: 'carrier.test', header: 'preferred', diversion: false } as const;
  expect(identityHeaders({ identity, digest }, callOut)).toEqual({
    From: '<sip:site%201@carrier.test>',
    'P-Preferred-Identity': '<sip:4001000@carrier.test>',
  });
  // Without an account there is only the number.
  expect(identityHeaders({ identity: { ...identity, header: 'none' } }, callOut)).toEqual({ From: '<sip:4001000@carrier.test>' });
});

test('Privacy is sent only where the carrier asks for the header, and hides nothing', () => {
  const identity = { user: 'number', header: 'asserted', diversion: false, privacy: 'none' } as const;
  expect(identityHeaders({ identity }, callOut)).toMatchObject({ Privacy: 'none', 'P-Asserted-Identity': '<sip:4001000@localhost>' });
  expect(TrunkIdentity.safeParse({ ...identity, privacy: 'id' }).success).toBe(false);
});

test('an account that is a number with its plus stands in From as it is', () => {
  const identity = { user: 'account', header: 'none', diversion: false } as const;
  expect(identityHeaders({ identity, digest: { ...digest, username: '+862160000000' } }, callOut)).toEqual({
    From: '<sip:+862160000000@localhost>',
  });
});

test.each([
  ['user@realm.test', undefined, '<sip:user@realm.test>'],
  ['user@realm.test', 'carrier.test', '<sip:user@carrier.test>'],
  ['user@no host', undefined, '<sip:user@localhost>'],
  ['@realm', undefined, '<sip:%40realm@localhost>'],
])('an account %s with domain %s stands in From as %s', (username, domain, shown) => {
  const identity = { user: 'account', header: 'none', diversion: false, ...(domain === undefined ? {} : { domain }) } as const;
  expect(identityHeaders({ identity, digest: { ...digest, username } }, callOut)['From']).toBe(shown);
});

test.each([
  ['transfer', true],
  ['overflow', true],
  ['flow', true],
  ['consultation', true],
  ['call-out', false],
  ['callback', false],
] as const)('Diversion of a %s: %s', (way, stands) => {
  const identity = { user: 'number', header: 'asserted', diversion: true } as const;
  const numberRules = [{ use: 'caller-out', starts: '', remove: 0, put: '+86' }] as const;
  const headers = identityHeaders({ identity, numberRules: [...numberRules] }, { from: '4001000', called: '4002000', way });
  expect(headers['Diversion']).toBe(stands ? '<sip:+864002000@localhost>;reason=unconditional;counter=1;privacy=off' : undefined);
  expect(headers['From']).toBe('<sip:+864001000@localhost>');
});
