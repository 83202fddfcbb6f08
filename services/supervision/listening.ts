import type { RuleText } from '../shared/contracts/api/calls/supervision.js';
import type {
  AcknowledgementState,
  ListeningNotice,
  ListeningReason,
  MonitoringMode,
  WithoutAcknowledgement,
} from '../shared/domain/calls/listening.js';
import type { AgentId, CallId, QueueId, UserId } from '../shared/domain/ids.js';

/** The rule of the site. */
export interface ListeningRule {
  readonly notice: ListeningNotice;
  /** The document that permits never notifying agents. */
  readonly document?: string | undefined;
  readonly withoutAcknowledgement: WithoutAcknowledgement;
  readonly text: RuleText;
  readonly textVersion: number;
}

export interface Acknowledgement {
  readonly userId: UserId;
  readonly at: Date;
  readonly textVersion: number;
}

/** One listening from its beginning to its end, in all its modes. */
export interface Listening {
  readonly id: string;
  readonly callId: CallId;
  readonly listenerId: string;
  /** The agent in charge of the call when the listening began. */
  readonly agentId: AgentId;
  readonly queueId?: QueueId | undefined;
  readonly called?: string | undefined;
  readonly reason?: ListeningReason | undefined;
  readonly note?: string | undefined;
  readonly notice: ListeningNotice;
  readonly beganAt: Date;
  readonly endedAt?: Date | undefined;
  readonly parts: readonly ListeningPart[];
}

export interface ListeningPart {
  readonly mode: MonitoringMode;
  /** The agent in charge of the call in this part of the listening. */
  readonly agentId: AgentId;
  readonly beganAt: Date;
  readonly seconds: number;
}

/** The rule that applies until the site sets its own. */
export const usualRule: ListeningRule = {
  notice: 'at-once',
  withoutAcknowledgement: 'refuse',
  textVersion: 1,
  text: {
    'zh-CN':
      '为保障服务质量、开展培训、核查投诉和响应坐席求助，本单位主管可以监听您在席位上的通话，也可以密语指导、强插或接管。每次开始前，监听人须选择原因；监听人、方式、原因、起止时间和时长均留有记录，仅用于上述用途，并按规定期限保存。开始监听时，您的通话卡片上会显示监听人及方式；本单位另有规定的，从其规定。您对监听有疑问或异议的，可向合规人员提出。',
    en: 'To assure the quality of service, to train, to check complaints and to answer requests for help, supervisors may listen to the calls of your seat, whisper, barge in or take over. A reason is chosen each time before it begins. Who listened, how, why, when and how long is on record, is used for these purposes alone and is kept for the time that the rules set. When somebody listens, the card of your call shows who and how, unless a rule of this site says otherwise. Compliance staff answer questions and objections.',
  },
};

/** An acknowledgement is valid for a year, and for the text that was read. */
export function acknowledgementState(
  last: Acknowledgement | undefined,
  { textVersion }: Pick<ListeningRule, 'textVersion'>,
  now: Date,
): AcknowledgementState {
  if (last === undefined) return 'missing';
  if (last.textVersion !== textVersion) return 'older-text';
  const until = new Date(last.at);
  until.setUTCFullYear(until.getUTCFullYear() + 1);
  return until > now ? 'valid' : 'expired';
}

export const secondsOf = ({ parts }: Pick<Listening, 'parts'>): number => parts.reduce((sum, { seconds }) => sum + seconds, 0);

const order: readonly AcknowledgementState[] = ['missing', 'expired', 'older-text', 'valid'];

/** People without a valid acknowledgement come first. */
export const byNeed = (
  a: { readonly state: AcknowledgementState; readonly name: string },
  b: { readonly state: AcknowledgementState; readonly name: string },
): number => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name, 'zh-CN');
