import { proofFiles } from './proof-fields.js';
import { field, renamed, type RowFile } from './row-field.js';
import type {
  alarmColumns,
  attemptColumns,
  callColumns,
  complaintColumns,
  proofColumns,
  recordingColumns,
  reviewColumns,
  stateColumns,
  surveyColumns,
} from './call-row.js';

const queueId = field('text', '队列', 'Queue');
const agentId = field('text', '坐席', 'Agent', '系统内编号', 'Id in the system');
const callId = field('text', '通话编号', 'Call');

/** Each file of rows with its columns, in words: a column without words does not compile. */
export const rowFiles = {
  calls: {
    name: { zh: '通话', en: 'calls' },
    fields: {
      callId,
      direction: field('text', '方向', 'Direction', 'inbound 呼入，outbound 呼出', 'inbound or outbound'),
      invitedAtMs: field('moment', '呼叫到达', 'Arrived'),
      answeredAtMs: field('moment', '系统应答', 'Answered by the system'),
      queuedAtMs: field('moment', '进入队列', 'Queued'),
      agentAnsweredAtMs: field('moment', '坐席应答', 'Answered by an agent'),
      endedAtMs: field('moment', '结束', 'Ended'),
      called: field('text', '本中心号码', 'Number of the centre'),
      queueId,
      agentId,
      trunkId: field('text', '中继', 'Trunk'),
      callerKey: field(
        'text',
        '对方代号',
        'Person',
        '由号码加密钥计算的代号：同一人代号相同，不能还原为号码',
        'Keyed hash of the number: the same person has the same one, and it gives no number back',
      ),
      cause: field('text', '结束原因', 'Cause'),
      releasedBy: field('text', '挂断方', 'Released by'),
      talkMs: field('milliseconds', '通话时长', 'Talk', '与坐席的通话，含保持', 'With agents, holds included'),
      holdMs: field('milliseconds', '保持时长', 'Hold'),
      handlings: field('number', '处理次数', 'Handlings', '坐席与对方不间断通话的段数', 'Unbroken times of agents with the caller'),
      class: field('text', '类别', 'Class', 'service 服务呼叫；test 练习呼叫，不计入任何指标', 'service, or test: in no figure'),
      visits: field('json', '排队经过', 'Visits', '每次进入队列的队列、等待毫秒数和结果', 'Each queue, wait in milliseconds, and end'),
      lossPercent: field('number', '丢包率（%）', 'Loss (%)'),
      jitterMs: field('milliseconds', '抖动', 'Jitter'),
      roundTripMs: field('milliseconds', '往返时延', 'Round trip'),
      ledgerNumber: field('number', '录音台账序号', 'Ledger number', '连续编号，缺号即为问题', 'Without gaps'),
      postDialDelayMs: field(
        'milliseconds',
        '拨号后时延',
        'Post-dial delay',
        '呼出：从拨出到对方振铃',
        'From dialling to the ringing of the far side',
      ),
    },
  } satisfies RowFile<(typeof callColumns)[number]>,
  recordings: {
    name: { zh: '录音', en: 'recordings' },
    fields: {
      callId,
      atMs: field('moment', '录音开始', 'Began'),
      sha256: field('text', '哈希值（SHA-256）', 'SHA-256'),
      durationMs: field('milliseconds', '时长', 'Length'),
      sizeBytes: field('number', '字节数', 'Bytes'),
      queueId,
      called: field('text', '本中心号码', 'Number of the centre'),
      handled: field('yes-no', '呼入且有坐席接听', 'Came in and handled'),
      kept: field('text', '保存状态', 'Kept', 'stored 在库，deleted 按规则删除，missing 缺失', 'stored, deleted by its rule, or missing'),
    },
  } satisfies RowFile<(typeof recordingColumns)[number]>,
  complaints: {
    name: { zh: '投诉', en: 'complaints' },
    fields: {
      number: field('text', '投诉编号', 'Number'),
      receivedAtMs: field('moment', '受理时间', 'Received'),
      dueAtMs: field('moment', '答复时限', 'Due'),
      answeredAtMs: field('moment', '答复时间', 'Answered'),
      closedAtMs: field('moment', '办结时间', 'Closed'),
      kind: field('text', '类型', 'Kind'),
      source: field('text', '来源', 'Source'),
      upheld: field('text', '是否成立', 'Upheld'),
      reopened: field('yes-no', '是否重新办理', 'Reopened'),
      appeal: field('yes-no', '是否申诉转办', 'Appeal'),
      satisfaction: field('number', '答复满意度（1–5）', 'Satisfaction (1–5)'),
      satisfactionAtMs: field('moment', '评价时间', 'Rated'),
      state: field('text', '状态', 'State'),
      earlier: field('json', '变更前的情况', 'Before changes', '用于按当时情况复算已保存的指标', 'For figures as of an earlier moment'),
    },
  } satisfies RowFile<(typeof complaintColumns)[number]>,
  surveys: {
    name: { zh: '满意度', en: 'surveys' },
    fields: {
      surveyId: field('text', '评价编号', 'Survey'),
      callId,
      atMs: field('moment', '邀请时间', 'Invited'),
      queueId,
      agentId,
      score: field('number', '评分（1–5）', 'Score (1–5)', '空：未作评价', 'Empty: none was given'),
      solved: field('yes-no', '问题是否解决', 'Solved'),
      answers: field('json', '全部评价', 'Answers', '每次评价、时间及所更正的评价', 'Each answer, its time, and the one it corrects'),
    },
  } satisfies RowFile<(typeof surveyColumns)[number]>,
  proofs: {
    name: { zh: '拨测', en: 'proof calls' },
    fields: {
      proofId: field('text', '拨测编号', 'Proof call'),
      atMs: field('moment', '时间', 'At'),
      ok: field('yes-no', '是否成功', 'Succeeded'),
      totalMs: field('milliseconds', '全程用时', 'Took'),
      origin: field('text', '发起方式', 'Begun by'),
      linesDown: renamed(
        field(
          'text',
          '不通的中继',
          'Lines down',
          '当时，或自上一次验证呼叫以来持续 10 秒以上',
          'Then, or for 10 s and more since the proof call before',
        ),
        { zh: '当时不通的中继', en: 'Lines down then' },
      ),
    },
  } satisfies RowFile<(typeof proofColumns)[number]>,
  states: {
    name: { zh: '坐席状态', en: 'states' },
    fields: {
      agentId,
      fromMs: field('moment', '开始', 'From'),
      untilMs: field('moment', '结束', 'Until'),
      state: field('text', '状态', 'State'),
      ofService: field('yes-no', '属服务呼叫的话后处理', 'Wrap-up of service'),
    },
  } satisfies RowFile<(typeof stateColumns)[number]>,
  reviews: {
    name: { zh: '质检', en: 'reviews' },
    fields: {
      reviewId: field('text', '质检编号', 'Review'),
      callId,
      atMs: field('moment', '时间', 'At'),
      queueId,
      agentId,
      scorePercent: field('number', '得分（%）', 'Score (%)'),
      critical: field('number', '重大差错数', 'Critical errors'),
      fatal: field('number', '致命差错数', 'Fatal errors'),
    },
  } satisfies RowFile<(typeof reviewColumns)[number]>,
  attempts: {
    name: { zh: '呼出请求', en: 'attempts' },
    fields: {
      callId,
      atMs: field('moment', '时间', 'At'),
      allowed: field('yes-no', '是否允许', 'Allowed'),
      reason: field('text', '拦截规则', 'Refused by'),
      purpose: field('text', '用途', 'Purpose'),
      personKey: field('text', '对方代号', 'Person', '与通话中的对方代号相同', 'As in calls'),
      numberMasked: field('text', '被叫号码（掩码）', 'Number (masked)'),
      shown: field('text', '显示的主叫号码', 'Number shown'),
      trunkId: field('text', '中继', 'Trunk'),
      consentId: field('text', '同意凭证编号', 'Consent'),
    },
  } satisfies RowFile<(typeof attemptColumns)[number]>,
  alarms: {
    name: { zh: '呼叫异常', en: 'alarms' },
    fields: {
      alarmId: field('text', '编号', 'Alarm'),
      atMs: field('moment', '时间', 'At'),
      pattern: field('text', '异常类型', 'Pattern'),
      subjectKind: field('text', '对象类别', 'Kind of subject'),
      subject: field('text', '对象', 'Subject'),
      count: field('number', '次数', 'Count'),
      of: field('number', '基数', 'Of'),
      limit: field('number', '界限', 'Limit'),
      stopped: field('yes-no', '是否自动停止外呼', 'Stopped calling out'),
      settledAtMs: field('moment', '处理时间', 'Settled'),
      settledBy: field('text', '处理人', 'Settled by'),
      lifted: field('yes-no', '是否恢复外呼', 'Lifted'),
      finding: field('text', '处理情况', 'Finding'),
    },
  } satisfies RowFile<(typeof alarmColumns)[number]>,
  ...proofFiles,
} as const;

export type RowFileName = keyof typeof rowFiles;
export const isRowFile = (name: string): name is RowFileName => Object.hasOwn(rowFiles, name);
