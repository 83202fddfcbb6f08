import { categories } from '../../shared/domain/licence/equipment-list.js';
import { inWords, type Say, type Words, named } from '../../shared/domain/language.js';
import { rowsOf, textOf } from '../../shared/domain/licence/licence-file.js';
import { type Document, heading, ofDates, ofFigures, ofTimes, small, table, type Table } from '../../shared/domain/licence/document.js';
import { localTime } from '../../shared/domain/time/local-time.js';
import type { PackFacts } from './pack-facts.js';
import { findingSubjects, readingNames, readingSubject } from './row-words.js';
import { severities } from './system-documents.js';

const standings = {
  matched: { zh: '已核实', en: 'confirmed' },
  'seen-not-declared': { zh: '未登记', en: 'not declared' },
  'declared-silent': { zh: '已登记，未探测到', en: 'silent' },
  'declared-unanswered': { zh: '已登记，探针未答复', en: 'probe unanswered' },
  'by-hand': { zh: '人工登记', en: 'by hand' },
} as const satisfies Record<string, Words>;
const outcomes = {
  answered: { zh: '已答复', en: 'answered' },
  failed: { zh: '失败', en: 'failed' },
  'timed-out': { zh: '超时被切断', en: 'cut after its time' },
} as const satisfies Record<string, Words>;
function equipmentTable(facts: PackFacts, say: Say): Table {
  const { lines } = facts.equipment;
  return table(
    [
      ofFigures(say('序号', 'No.')),
      say('节点号', 'Node'),
      say('设备名称', 'Name'),
      say('类别', 'Category'),
      say('型号规格', 'Model'),
      ofFigures(say('数量', 'Qty')),
      say('生产厂家', 'Maker'),
      say('取得方式', 'Obtained'),
      say('用途', 'Use'),
      say('放置地点', 'Place'),
      say('软件名称及版本', 'Software, version'),
      say('进网许可证号', 'Network-access licence'),
      say('资产编号/序列号', 'Asset/serial'),
      ofDates(say('启用日期', 'In use from')),
      say('责任人', 'Responsible'),
      say('状态', 'State'),
      say('核实', 'Standing'),
    ],
    lines.map((line, i) => [
      String(i + 1),
      line.node,
      line.name,
      inWords(categories[line.category], say),
      line.model,
      String(line.quantity),
      line.maker,
      line.obtained,
      line.use,
      line.place || siteAddress(facts, line.siteId),
      line.software,
      line.networkAccessLicence,
      line.seenBy !== undefined && line.asset === line.seenBy.subject ? say('（软件，随主机）', '(software, on the host)') : line.asset,
      line.usedFrom,
      line.responsible,
      line.state,
      inWords(standings[line.standing], say),
    ]),
    { title: say('设备清单', 'Equipment list'), widths: [0.8, 1, 2, 1.6, 2, 0.8, 1.3, 1.2, 2.2, 2.3, 1.9, 1.2, 1.9, 1.9, 1.2, 1, 1.2] },
  );
}

/** 设备清单 as it is submitted: the list alone. */
export function equipmentList(facts: PackFacts, say: Say): Document {
  const { heads, rows, widths, ...rest } = equipmentTable(facts, say);
  return {
    ...equipmentDocument(facts, say),
    // How the system knows about a device is for the inspector, not for the form.
    blocks: [{ ...rest, heads: heads.slice(0, -1), rows: rows.map((row) => row.slice(0, -1)), widths: (widths ?? []).slice(0, -1) }],
  };
}

/** 设备清单 with the columns of regulation 6.2. */
export function equipmentDocument(facts: PackFacts, say: Say): Document {
  const { findings } = facts.equipment;
  return {
    id: 'equipment',
    fileName: say('01-设备清单', '01-equipment-list'),
    title: say('设备清单', 'Equipment list'),
    landscape: true,
    forms: ['pdf', 'xlsx'],
    blocks: [
      small(
        say(
          `栏目按通行要求归纳；如主管部门另有模板，按其模板提供。“核实”一栏由探针与登记比对得出；人工登记的设备没有探针。`,
          `The columns follow what is usually asked; where the authority has a template, it is used. "Standing" compares probes with the register; equipment entered by hand has no probe.`,
        ),
      ),
      equipmentTable(facts, say),
      heading(say('差异', 'Differences')),
      table(
        [say('级别', 'Level'), say('对象', 'Subject'), say('说明', 'What'), say('依据', 'Basis')],
        findings.map(({ severity, subject, text: words, basis }) => [
          inWords(severities[severity], say),
          named(findingSubjects, subject, say),
          words,
          basis,
        ]),
        { title: say('设备差异', 'Differences of equipment'), widths: [1, 2, 6, 1.5] },
      ),
      heading(say('探针读数', 'Readings of the probes')),
      table(
        [
          ofTimes(say('时间', 'At')),
          say('类别', 'Kind'),
          say('对象', 'Subject'),
          say('结果', 'Outcome'),
          ofFigures(say('用时（毫秒）', 'Took (ms)')),
          say('原始答复 SHA-256', 'SHA-256 of the raw answer'),
        ],
        facts.probes
          .filter(({ kind }) => kind !== 'connection' && kind !== 'seat' && kind !== 'listener')
          .slice(0, 200)
          .map(({ at, kind, outcome, subject, durationMs, rawSha256 }) => [
            localTime(at.getTime(), facts.zone),
            inWords(readingNames[kind], say),
            readingSubject({ kind, subject }, say),
            inWords(outcomes[outcome], say),
            String(durationMs),
            rawSha256,
          ]),
        { title: say('探针读数', 'Readings'), widths: [1.7, 1.3, 2.7, 0.9, 1.1, 6.7] },
      ),
    ],
  };
}

const siteAddress = (facts: PackFacts, siteId: string): string =>
  textOf(
    rowsOf(facts.file, 'sites').find(({ key }) => key === siteId),
    'address',
  ) || siteId;
