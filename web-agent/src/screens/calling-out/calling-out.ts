import { normaliseNumber } from '../../../../services/shared/domain/numbers/phone-number.js';
import type { AnswerOf } from '../../session/api.js';
import type { CallWindow, Ceilings, Consent, Refusal, Stop } from '../../../../services/shared/contracts/api/calling-out/outbound.js';
export type { Ceilings, Consent, Refusal, Stop };

/** A period of the day, in minutes. */
export type Stretch = CallWindow;

/** What a person stops here; the fraud watch may also stop an agent. */
export const stopScopes = ['platform', 'number', 'client'] as const;
export type StopScope = (typeof stopScopes)[number];

export type Rules = AnswerOf<'GET /outbound/rules'>;

/** In the order of the page. */
export const ceilingNames = [
  'numberCallsADay',
  'numberMinutesADay',
  'callsADay',
  'minutesADay',
  'trunkCallsADay',
  'trunkMinutesADay',
  'longestMinutes',
] as const;
export type AllowedKinds = Rules['allowedKinds'];

/** A trunk with a number that it may show, and what is missing before it can be used. */
export type Way = AnswerOf<'GET /outbound/ways'>['ways'][number];

export const verdicts = [
  'no-consent',
  'refused-by-person',
  'outside-window',
  'too-often',
  'stopped',
  'number-not-usable',
  'purpose-not-allowed',
  'not-dialable',
  'kind-not-allowed',
  'not-registered',
  'caller-not-vouched',
  'over-ceiling',
] as const;
export type Verdict = (typeof verdicts)[number];

export type Attempt = AnswerOf<'GET /outbound/attempts'>['attempts'][number];

export const consentChannels = ['voice', 'web', 'sms', 'paper', 'app'] as const;

/** Reasons that a person can give here; complaints and the refusal digit write their own. */
export const refusalReasons = ['asked-by-voice', 'asked-by-sms', 'asked-by-web', 'called-after-refusal', 'external-list', 'other'] as const;

export type CampaignView = AnswerOf<'GET /campaigns'>['campaigns'][number];

export type FraudAlarm = AnswerOf<'GET /outbound/alarms'>['alarms'][number];

export const PAGE_ROWS = 50;

/** `08:30` for 510; midnight at the end of a day is `24:00`. */
export function minuteText(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** The minute of the day; undefined for invalid text. */
export function minuteOf(text: string): number | undefined {
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  if (hours === undefined || minutes === undefined) return text.trim() === '24:00' ? 24 * 60 : undefined;
  return Number(hours) * 60 + Number(minutes);
}

/** The numbers in a text with one per line, and the invalid lines (from 1). Empty lines are skipped. */
export function numbersIn(text: string): { readonly numbers: string[]; readonly wrongLines: number[] } {
  const lines = text.split('\n').map((line) => line.trim());
  return {
    numbers: lines.filter((line) => line !== '' && normaliseNumber(line) !== undefined),
    wrongLines: lines.flatMap((line, at) => (line !== '' && normaliseNumber(line) === undefined ? [at + 1] : [])),
  };
}

/** A period as it is typed. */
export type TypedStretch = Readonly<Record<keyof Stretch, string>>;

export const typedStretch = ({ fromMinute, toMinute }: Stretch): TypedStretch => ({
  fromMinute: minuteText(fromMinute),
  toMinute: minuteText(toMinute),
});

/** The typed period; undefined while one of the two is not a time of day. */
export function readStretch(typed: TypedStretch): Stretch | undefined {
  const [fromMinute, toMinute] = [minuteOf(typed.fromMinute), minuteOf(typed.toMinute)];
  return fromMinute === undefined || toMinute === undefined ? undefined : { fromMinute, toMinute };
}

/** What is wrong with the chosen hours: wider than the legal limit, or over before they begin. */
export function hoursFault({ window, quiet }: Pick<Rules, 'window' | 'quiet'>, outer: Stretch): 'wider' | 'backwards' | undefined {
  if ([window, ...quiet].some(({ fromMinute, toMinute }) => fromMinute >= toMinute)) return 'backwards';
  return window.fromMinute < outer.fromMinute || window.toMinute > outer.toMinute ? 'wider' : undefined;
}
