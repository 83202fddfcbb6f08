import { expect, test } from '@jest/globals';
import { createSiteKeeper, createSitesOf, siteFinder, siteSpells, withRegister } from './number-sites.js';
import type { NumberSites } from './ports.js';

const DAY_MS = 86_400_000;
const dayAt = (day: number): Date => new Date(Date.parse('2026-11-01T16:00:00Z') + day * DAY_MS);
const register = (sites: Readonly<Record<string, string>>) => new Map(Object.entries(sites));

test('a number that moves keeps its earlier days; the day of the move belongs to the new site, and a day of two moves to the last', async () => {
  const stored = new Map<string, NumberSites>();
  const store = { all: async () => [...stored.values()], put: async (each: NumberSites) => void stored.set(each.number, each) };
  let [now, day] = [register({ '4001': 'S1', '4002': 'S1' }), 0];
  const needs = { store, registered: async () => now, today: () => dayAt(day) };
  const [keep, sitesOf] = [createSiteKeeper(needs), createSitesOf(needs)];
  const at = async (number: string, of: number) => siteFinder(await sitesOf())(number, dayAt(of).getTime() + 3_600_000);
  await keep();
  // The past of a number that was never seen before is at its first site.
  expect(await at('4001', -30)).toBe('S1');
  [now, day] = [register({ '4001': 'S2', '4002': 'S1' }), 5];
  // Before the round has stored the move, reports know it from the register.
  expect([await at('4001', 4), await at('4001', 5), await at('4002', 9)]).toEqual(['S1', 'S2', 'S1']);
  await keep();
  now = register({ '4001': 'S3' });
  await keep();
  expect([await at('4001', 4), await at('4001', 5), await at('4002', 4), await at('4002', 5)]).toEqual(['S1', 'S3', 'S1', undefined]);
  now = register({ '4001': 'S1', '4002': 'S1' });
  await keep();
  expect(stored.get('4001')).toEqual({ number: '4001', spells: [{ site: 'S1', fromAt: new Date(0) }] });
});

test('nothing is stored again while nothing changes, and a number at no site is at none', () => {
  const stored = [{ number: '4001', spells: [{ site: '', fromAt: new Date(0) }] }];
  expect(withRegister(stored, register({}), dayAt(1)).changed).toEqual([]);
  expect(siteSpells(stored)).toEqual([]);
});
