import { field, type RowFile } from './row-field.js';
import type { answerColumns, caseColumns, seatColumns, turnColumns } from './witness-row.js';

const agentId = field('text', '坐席', 'Agent', '系统内编号', 'Id in the system');

/** The rows that fix states, answers and complaints, with their words. */
export const witnessFiles = {
  turns: {
    name: { zh: '跨日坐席状态', en: 'states over midnight' },
    fields: {
      turnId: field('text', '编号', 'Turn'),
      agentId,
      atMs: field('moment', '时间', 'At'),
      what: field(
        'text',
        '起止',
        'What',
        'began 开始，ended 结束；只列跨越零点的状态，当日起止的状态由日结表直接固定',
        'began or ended; only states that lasted over midnight: the sheet of the day fixes the others itself',
      ),
      state: field('text', '状态', 'State'),
      fromMs: field('moment', '状态开始', 'Began'),
    },
  } satisfies RowFile<(typeof turnColumns)[number]>,
  answers: {
    name: { zh: '逐次评价', en: 'answers' },
    fields: {
      answerId: field('text', '编号', 'Answer'),
      surveyId: field('text', '评价编号', 'Survey'),
      atMs: field('moment', '登记时间', 'Written down'),
      score: field('number', '评分（1–5）', 'Score (1–5)'),
      solved: field('yes-no', '问题是否解决', 'Solved'),
      corrects: field('text', '所更正的评价', 'Corrects'),
      by: field('text', '评价人', 'By', 'caller 来电人，house 本单位人员更正', 'caller, or house for a correction by an employee'),
    },
  } satisfies RowFile<(typeof answerColumns)[number]>,
  cases: {
    name: { zh: '投诉登记', en: 'complaints as recorded' },
    fields: {
      number: field('text', '投诉编号', 'Number'),
      atMs: field('moment', '登记时间', 'Written down'),
      receivedAtMs: field('moment', '受理时间', 'Received'),
      source: field('text', '来源', 'Source'),
      joinedInto: field(
        'text',
        '并入',
        'Joined into',
        '登记时并入的在办投诉（系统内编号），并入的不另计数；空：未并入',
        'The running case that it was joined into when it was recorded (id in the system); such a case is not counted again',
      ),
    },
  } satisfies RowFile<(typeof caseColumns)[number]>,
  seats: {
    name: { zh: '坐席上线', en: 'seats online' },
    fields: {
      seatId: field('text', '编号', 'Seat'),
      agentId,
      atMs: field('moment', '上线时间', 'Online'),
      offlineAtMs: field(
        'moment',
        '离线时间',
        'Offline',
        '同一登录多次上线时为最后一次离线',
        'The last one of a session that was online more than once',
      ),
    },
  } satisfies RowFile<(typeof seatColumns)[number]>,
} as const;
