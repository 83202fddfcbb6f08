export { clockText } from '../../../../services/shared/domain/time/clock-text.js';

const readersZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
let zone = readersZone();
let clock = clockIn(zone);
const followers: ((zone: string) => void)[] = [];

/** The zone of the site's clock. Until the site has reported it, the reader's zone. */
export const siteZone = (): string => zone;

/** After sign-in all times and days are those of the site, wherever the reader is, because documents and figures use them too. */
export function standAt(site: string): void {
  if (site === zone) return;
  zone = site;
  clock = clockIn(site);
  for (const follower of followers) follower(site);
}

/** Called with the site's zone now and whenever it changes. */
export function followSiteZone(follower: (zone: string) => void): void {
  followers.push(follower);
  follower(zone);
}

/** The site's zone with its offset from UTC (`Asia/Shanghai, UTC+8`) when the reader's clock shows another time; undefined otherwise. */
export function foreignZone(at = new Date()): string | undefined {
  const reader = clockIn(readersZone());
  if (wallText(at, reader) === wallText(at)) return undefined;
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return `${zone}, ${(offset ?? '').replace('GMT', 'UTC')}`;
}

function clockIn(timeZone: string): Intl.DateTimeFormat {
  const two = '2-digit';
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
  });
}

/** The site's local time: `2026-03-01T09:05:07`. */
export function wallText(at: Date, by = clock): string {
  const parts: Record<string, string> = Object.fromEntries(by.formatToParts(at).map(({ type, value }) => [type, value]));
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts;
  return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}`;
}

/**
 * The moment of a local time at the site (`2026-03-01T09:05`, with or without seconds). A time that is skipped in spring is read as the
 * hour after.
 */
export function atWall(wall: string): Date {
  const asUtc = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  const distance = (at: number): number => Date.parse(`${wallText(new Date(at))}Z`) - Math.floor(at / 1_000) * 1_000;
  // The offset from UTC at the moment itself may differ from that of the first guess.
  const guess = asUtc - distance(asUtc);
  return new Date(asUtc - distance(guess));
}

/** Date and time by the site's clock, as `2026-03-01 09:05:07`, the same in both languages. */
export function timeText(iso: string | null | undefined): string {
  if (iso === null || iso === undefined || iso === '') return '';
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? iso : wallText(at).replace('T', ' ');
}

export function sizeText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KB`;
  if (bytes < 1_073_741_824) return `${(bytes / 1_048_576).toFixed(1)} MB`;
  return `${(bytes / 1_073_741_824).toFixed(1)} GB`;
}
