import type { CallPurpose } from '../../../../../services/shared/domain/calls/call-purpose.js';
import type { CampaignMode } from '../../../../../services/shared/domain/calls/campaign.js';
import type { AnswerOf } from '../../../session/api.js';
import { readStretch, typedStretch, type CampaignView, type Stretch, type TypedStretch } from '../calling-out.js';

type Way = AnswerOf<'GET /outbound/ways'>['ways'][number];

export const usual = {
  name: '',
  from: '',
  purpose: 'service-notice' as CallPurpose,
  queueId: '',
  mode: 'preview' as CampaignMode,
  script: '',
  previewSeconds: 60,
  countdownSeconds: 5,
  mostTries: 3,
  busyAgainMinutes: 15,
  noAnswerAgainMinutes: 240,
  mostRefusalsPercent: 10,
  mostComplaintsPer10000: 100,
};
export type Settings = typeof usual & { readonly hours?: Stretch | undefined };

/** The server's data without fields that people do not set. */
export const settingsOf = ({ name, from, purpose, queueId, mode, script, hours, ...campaign }: CampaignView): Settings => {
  const { previewSeconds, countdownSeconds, mostTries, busyAgainMinutes, noAnswerAgainMinutes } = campaign;
  const { mostRefusalsPercent, mostComplaintsPer10000 } = campaign;
  const times = { previewSeconds, countdownSeconds, mostTries, busyAgainMinutes, noAnswerAgainMinutes };
  const limits = { ...times, mostRefusalsPercent, mostComplaintsPer10000 };
  return { name, from, purpose, queueId, mode, script, ...limits, ...(hours === undefined ? {} : { hours }) };
};

const LONGEST_NAME = 80;

/** A new campaign with the settings of another; its list is not copied, because each list is checked against the consents when it comes. */
export const copyOf = (campaign: CampaignView, name: string): Settings => ({ ...settingsOf(campaign), name: name.slice(0, LONGEST_NAME) });

export type Lack = 'name' | 'from' | 'queueId';

/** What a campaign cannot be saved without, in the order of the form. */
export const lacksOf = (given: Pick<Settings, Lack>): readonly Lack[] =>
  (['name', 'from', 'queueId'] as const).filter((field) => given[field].trim() === '');

/** Our numbers, each once, usable ones first; `fault`: why a number cannot be shown on any trunk now. */
export function callerNumbers(ways: readonly Way[]): readonly Pick<Way, 'from' | 'fault'>[] {
  const usable = new Set(ways.filter(({ fault }) => fault === undefined).map(({ from }) => from));
  const others = new Map(ways.filter(({ from }) => !usable.has(from)).map(({ from, fault }) => [from, fault]));
  return [
    ...[...usable].map((from) => ({ from })),
    ...[...others].map(([from, fault]) => ({ from, ...(fault === undefined ? {} : { fault }) })),
  ];
}

const noHours: TypedStretch = { fromMinute: '', toMinute: '' };

/** The hours of a campaign as they are typed; empty when it has none of its own. */
export const typedHours = ({ hours }: Pick<Settings, 'hours'>): TypedStretch => (hours === undefined ? noHours : typedStretch(hours));

/** The typed hours; undefined when nothing is typed, and `wrong` when it is no period of a day. */
export function hoursTyped(typed: TypedStretch): Stretch | 'wrong' | undefined {
  if (typed.fromMinute.trim() === '' && typed.toMinute.trim() === '') return undefined;
  const hours = readStretch(typed);
  return hours === undefined || hours.fromMinute >= hours.toMinute ? 'wrong' : hours;
}
