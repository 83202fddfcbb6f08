import type { FollowUp, TransferScope, TransferTarget } from '../../shared/domain/figures/report.js';
import { inWords } from '../../shared/domain/language.js';
import { agentStateWords } from '../../shared/domain/people/agent-state-words.js';
import type { ListContent, ListNames } from '../files/list-file.js';
import type { ListColumn } from '../files/list-sheet.js';
import type { AbandonedVisit } from './abandoned.js';
import type { AgentTiles, StateTile } from './agent-tiles.js';
import type { TransferCell } from './transfers.js';

type Pair = readonly [zh: string, en: string];
const followUpWords: Readonly<Record<FollowUp, Pair>> = {
  open: ['未跟进', 'Nothing yet'],
  rung: ['已回拨未接通', 'Rung back, no answer'],
  again: ['再次来电未接通', 'Called again, not reached'],
  withheld: ['号码不可用', 'Number withheld'],
  reached: ['已联系上', 'Reached'],
};
const targetWords: Readonly<Record<TransferTarget, Pair>> = {
  queue: ['队列', 'Queue'],
  agent: ['坐席', 'Agent'],
  number: ['外部号码', 'Number outside'],
};

const text = <Row>(head: Pair, cell: ListColumn<Row>['cell']): ListColumn<Row> => ({ head, kind: 'text', cell });
const seconds = <Row>(head: Pair, ms: (row: Row) => number): ListColumn<Row> => ({
  ...{ head, kind: 'clock', cell: (row) => ms(row) / 1_000 },
  total: (rows) => rows.reduce((sum, row) => sum + ms(row), 0) / 1_000,
});

export const abandonedContent = (visits: readonly AbandonedVisit[], { queue, timeText }: ListNames): ListContent<AbandonedVisit> => {
  const time = (at: Date | undefined): string => (at === undefined ? '' : timeText(at.getTime()));
  return {
    title: ['放弃来电', 'Abandoned callers'],
    rows: visits,
    columns: [
      text(['进入时间', 'Entered'], ({ enteredAt }) => time(enteredAt)),
      text(['主叫', 'Caller'], ({ callerMasked }) => callerMasked ?? ''),
      text(['队列', 'Queue'], ({ queueId }) => queue(queueId)),
      text(['接入号码', 'Number'], ({ called }) => called),
      seconds(['等待', 'Waited'], ({ waitMs }) => waitMs),
      text(['短放弃', 'Short'], ({ isShort }, say) => (isShort ? say('是', 'yes') : '')),
      text(['跟进结果', 'Follow-up'], ({ followUp }, say) => say(...followUpWords[followUp])),
      text(['再次来电', 'Called again'], ({ again }) => time(again?.invitedAt)),
      text(['回拨', 'Rung back'], ({ rungBack }) => time(rungBack?.invitedAt)),
      text(['通话', 'Call'], ({ callId }) => callId),
    ],
    foot: (say) => [
      say('跟进结果按同一号码、放弃后 24 小时内统计。', 'What became of a caller is looked for by the same number, within 24 hours.'),
    ],
  };
};

export const transfersContent = (
  by: TransferScope,
  cells: readonly TransferCell[],
  { agent, queue }: ListNames,
): ListContent<TransferCell> => ({
  title: ['转接矩阵', 'Transfers'],
  rows: cells,
  columns: [
    text(by === 'agent' ? ['转出坐席', 'From the agent'] : ['转出队列', 'From the queue'], ({ from }, say) => {
      if (from === '') return say('未经队列', 'no queue');
      return by === 'agent' ? agent(from) : queue(from);
    }),
    text(['转入类型', 'To'], ({ target }, say) => say(...targetWords[target])),
    text(['转入', 'Target'], ({ target, to }) => (to === '' ? '' : target === 'agent' ? agent(to) : queue(to))),
    {
      ...{ head: ['次数', 'Count'], kind: 'count', cell: ({ count }) => count },
      total: (rows) => rows.reduce((sum, { count }) => sum + count, 0),
    },
  ],
  foot: (say) => [say('不含流程自动转接和班长接管。', 'Steps of a flow and calls that a supervisor took over are not among them.')],
});

interface TileRow extends StateTile {
  readonly agentId: string;
}

export const statesContent = (agents: readonly AgentTiles[], { agent, reason: why, timeText }: ListNames): ListContent<TileRow> => ({
  title: ['坐席状态', 'States of agents'],
  rows: agents.flatMap(({ agentId, tiles }) => tiles.map((tile) => ({ ...tile, agentId }))),
  columns: [
    text(['坐席', 'Agent'], ({ agentId }) => agent(agentId)),
    text(['开始时间', 'From'], ({ fromMs }) => timeText(fromMs)),
    text(['结束时间', 'Until'], ({ isOpen, untilMs }, say) => (isOpen ? say('进行中', 'goes on') : timeText(untilMs))),
    seconds(['时长', 'Length'], ({ fromMs, untilMs }) => untilMs - fromMs),
    text(['状态', 'State'], ({ state }, say) => inWords(agentStateWords[state], say)),
    text(['原因', 'Why'], ({ reason }) => (reason === undefined ? '' : why(reason))),
  ],
  foot: (say) => [say('各段之和等于签入时长。', 'Together the tiles are the time signed in.')],
});
