import { expect, test } from '@jest/globals';
import { changedOf } from './changed-account.js';

const scope = { queues: ['service'], clientUnits: [], sites: [] };
const account: Parameters<typeof changedOf>[1] = {
  displayName: 'Anna',
  roles: ['agent'],
  scope,
  networks: [],
  grants: ['outbound.free-dial'],
  teamId: null,
  expiresAt: null,
};
const form = { displayName: 'Anna', roles: account.roles, scope, networks: [], grants: account.grants, teamId: null };

test('a name alone says nothing of rights, so that a right taken away meanwhile stays away', () => {
  expect(changedOf({ ...form, displayName: 'Anna B' }, account)).toEqual({ displayName: 'Anna B' });
  expect(changedOf(form, { ...account, scope: { ...scope, teams: [] } })).toEqual({});
});

test('what is given, taken away or set is sent', () => {
  expect(changedOf({ ...form, grants: [] }, account)).toEqual({ grants: [] });
  expect(changedOf({ ...form, grants: account.grants }, { ...account, grants: [] })).toEqual({ grants: account.grants });
  expect(changedOf({ ...form, scope: { ...scope, teams: ['t1'] } }, account)).toEqual({ scope: { ...scope, teams: ['t1'] } });
  expect(changedOf({ ...form, teamId: 't1', password: 'a new one' }, account)).toEqual({ teamId: 't1', password: 'a new one' });
  expect(changedOf({ ...form, expiresAt: '2027-01-01T00:00:00.000Z' }, account)).toEqual({ expiresAt: '2027-01-01T00:00:00.000Z' });
});
