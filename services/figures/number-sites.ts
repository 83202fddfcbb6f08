import type { NumberSites, NumberSitesStore } from './ports.js';

/** The site of a service number over time, for reports by site. A move counts from the start of its day at the site. */
export interface SiteSpell {
  readonly number: string;
  readonly site: string;
  readonly fromMs: number;
  /** Missing while it lasts. */
  readonly untilMs?: number | undefined;
}

/** The numbers with their sites as the register has them now; a number without one is left out. */
export type RegisteredSites = () => Promise<ReadonlyMap<string, string>>;

/**
 * What is stored, with the register as it is now: a number that is new has its site since ever, a changed one from this day on, and one
 * that has left the register has none from this day on. Returns the numbers that differ from what is stored, too.
 */
export function withRegister(stored: readonly NumberSites[], registered: ReadonlyMap<string, string>, dayAt: Date) {
  const known = new Map(stored.map((each) => [each.number, each]));
  const changed: NumberSites[] = [];
  for (const number of new Set([...known.keys(), ...registered.keys()])) {
    const [before, site] = [known.get(number), registered.get(number) ?? ''];
    if (before?.spells.at(-1)?.site === site) continue;
    const earlier = before?.spells.filter(({ fromAt }) => fromAt < dayAt) ?? [];
    // Moved back on the same day: nothing has changed.
    const spells =
      before === undefined
        ? [{ site, fromAt: new Date(0) }]
        : earlier.at(-1)?.site === site
          ? earlier
          : [...earlier, { site, fromAt: dayAt }];
    const after = { number, spells };
    known.set(number, after);
    changed.push(after);
  }
  return { all: [...known.values()], changed };
}

/** The times that numbers spent at sites. */
export const siteSpells = (all: readonly NumberSites[]): SiteSpell[] =>
  all.flatMap(({ number, spells }) =>
    spells.flatMap(({ site, fromAt }, place) => {
      const next = spells[place + 1];
      return site === ''
        ? []
        : [{ number, site, fromMs: fromAt.getTime(), ...(next === undefined ? {} : { untilMs: next.fromAt.getTime() }) }];
    }),
  );

/** Finds the site of a number at a moment. */
export function siteFinder(spells: readonly SiteSpell[]): (number: string, atMs: number) => string | undefined {
  const byNumber = new Map<string, SiteSpell[]>();
  for (const spell of spells) byNumber.set(spell.number, [...(byNumber.get(spell.number) ?? []), spell]);
  return (number, atMs) =>
    byNumber.get(number)?.find(({ fromMs, untilMs }) => atMs >= fromMs && (untilMs === undefined || atMs < untilMs))?.site;
}

interface NumberSitesNeeds {
  readonly store: NumberSitesStore;
  readonly registered: RegisteredSites;
  /** The start of the day at the site. */
  readonly today: () => Date;
}

/** The spells of all numbers, up to the register of now. */
export const createSitesOf =
  ({ store, registered, today }: NumberSitesNeeds) =>
  async (): Promise<readonly SiteSpell[]> => {
    const [stored, now] = await Promise.all([store.all(), registered()]);
    return siteSpells(withRegister(stored, now, today()).all);
  };

/** Stores what has changed in the register. */
export const createSiteKeeper =
  ({ store, registered, today }: NumberSitesNeeds) =>
  async (): Promise<void> => {
    const [stored, now] = await Promise.all([store.all(), registered()]);
    for (const each of withRegister(stored, now, today()).changed) await store.put(each);
  };
