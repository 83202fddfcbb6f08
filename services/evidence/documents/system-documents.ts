import { legalDays } from '../checks/filing.js';
import { toBeConfirmed } from '../checks/open-points.js';
import { inWords, listed, type Say, type Words, named } from '../../shared/domain/language.js';
import { numberOf, rowsOf, textOf } from '../../shared/domain/licence/licence-file.js';
import { type Document, heading, ofDates, pairs, small, table, text } from '../../shared/domain/licence/document.js';
import { localTime } from '../../shared/domain/time/local-time.js';
import { clockLine, openClockLine } from './clock-lines.js';
import { showBytes } from './format.js';
import { packNames, type PackFacts } from './pack-facts.js';
import { damageFoundWords, findingSubjects, foundByWords } from './row-words.js';

export const severities = {
  breach: { zh: '须处理', en: 'to be settled' },
  warning: { zh: '警示', en: 'warning' },
  note: { zh: '提示', en: 'note' },
} as const satisfies Record<string, Words>;
const changes = {
  added: { zh: '新增', en: 'added' },
  removed: { zh: '减少', en: 'removed' },
  changed: { zh: '变更', en: 'changed' },
} as const satisfies Record<string, Words>;

/** The name of the drawing's files, without their endings. */
export const topologyFile = (say: Say): string => say('02-网络拓扑图', '02-network-topology');

/** How much of what was sealed somebody outside can confirm; said even when nobody can. */
function witnessLine({ sheets, witnessed }: Pick<PackFacts, 'sheets' | 'witnessed'>, say: Say): string {
  const stamped = witnessed.filter(({ stamps }) => stamps.length > 0).length;
  const mailed = witnessed.filter(({ messageIds }) => messageIds.length > 0).length;
  const received = witnessed.filter(({ receipt }) => receipt !== undefined).length;
  if (sheets.length === 0)
    return say(
      '本包没有已封存的日结表，原始数据明细未经固定，也无从外部见证。',
      'This pack has no sealed day sheet: nothing fixes its rows, and nobody outside can confirm them.',
    );
  if (stamped === 0 && mailed === 0 && received === 0)
    return say(
      `本包 ${sheets.length} 张日结表均未送外见证：数据库、录音存储和签名密钥若同时被同一人掌握并改写，本包无法显示。`,
      `None of the ${sheets.length} day sheets has an outside witness: this pack cannot show whether somebody who holds database, recordings and key has rewritten them.`,
    );
  return say(
    `共 ${sheets.length} 张日结表，${stamped} 张经时间戳机构盖戳（witness/），${mailed} 张已寄外部见证人，${received} 张有 HTTPS 见证方的回执；请将见证人留存的哈希值填入核验页。`,
    `${sheets.length} day sheets: ${stamped} stamped by an authority (witness/), ${mailed} mailed to persons outside, ${received} with a receipt of the https witness; enter the hash that they kept into the verifier.`,
  );
}

/** How many recordings somebody has opened since they were stored: of the others nobody has compared a hash. */
export function openedLine({ totals, zone }: Pick<PackFacts, 'totals' | 'zone'>, say: Say): string {
  const { recordings, opened, lastOpenedMs } = totals;
  if (recordings === 0) return say('本包期间没有录音。', 'The period of this pack has no recordings.');
  const last = lastOpenedMs === undefined ? '' : localTime(lastOpenedMs, zone);
  const rest = say('其余未核对过哈希值。', 'Of the others nobody has compared the hash.');
  if (last === '')
    return say(`${recordings} 份录音均未打开核对过哈希值。`, `None of the ${recordings} recordings has been opened to compare its hash.`);
  return say(
    `${recordings} 份录音中，夜间抽检、台账核对或证据包打开并核对哈希值 ${opened} 份，最近一次为 ${last}；${rest}`,
    `The nightly check, a check of the ledger or a pack has opened ${opened} of ${recordings} recordings and compared their hashes, last at ${last}. ${rest}`,
  );
}

/** Each recording that a check or the pack found missing or damaged, with since when and by whom that is known. */
export function lostLine({ lost, zone }: Pick<PackFacts, 'lost' | 'zone'>, say: Say): string {
  const { looked, count, rows } = lost;
  const own = say(`制作本包时读取了 ${looked} 份录音的最后一个字节。`, `This pack read the last byte of ${looked} recordings.`);
  if (count === 0) return say(`未发现。${own}`, `None was found. ${own}`);
  const each = rows.map(({ callId, damage, damageFoundAtMs, damageFoundBy }) => {
    if (damage === undefined || damageFoundAtMs === undefined)
      return say(`${callId} 不在存储清单中`, `${callId} is not in the listing of the store`);
    const by = damageFoundBy === undefined || damageFoundBy === '' ? say('核对', 'a check') : named(foundByWords, damageFoundBy, say);
    const at = localTime(damageFoundAtMs, zone);
    return say(
      `${callId} ${named(damageFoundWords, damage, say)}（${at} 由${by}首次发现）`,
      `${callId}: ${named(damageFoundWords, damage, say)} (first found at ${at}, ${by})`,
    );
  });
  const more = count > rows.length ? say(`；其余见 tables 中的录音表`, `; the others are in the table of recordings`) : '';
  return say(
    `${count} 份不计入在库：${each.join('；')}${more}。${own}`,
    `${count} are not counted as stored. ${each.join('; ')}${more}. ${own}`,
  );
}

const seedsFrom = {
  inspector: { zh: '由检查人员以本人账号录入', en: 'typed in by an inspector with their own account' },
  outside: { zh: '由外部人员指定', en: 'named by somebody outside' },
  'day-sheet': { zh: '最近一张已送外见证的日结表的哈希值', en: 'the hash of the newest day sheet sent to a witness' },
  system: { zh: '由系统生成，无外部人员参与', en: 'made by the system, without anybody outside' },
} as const satisfies Record<string, Words>;

function drawnPairs({ drawn }: Pick<PackFacts, 'drawn'>, say: Say): [string, string][] {
  if (drawn === undefined) return [];
  const { count, pool, seed, seedFrom } = drawn;
  const from = inWords(seedsFrom[seedFrom], say);
  return [
    [
      say('抽取的录音', 'Drawn recordings'),
      say(
        `期间共 ${pool} 条，抽取 ${count} 条（recordings/，原始字节）。种子：${seed}（${from}）`,
        `${count} of the ${pool} of the period (recordings/, original bytes). Seed: ${seed} (${from})`,
      ),
    ],
  ];
}

/** The first document: what is in the pack, what it rests on, and what nobody has confirmed. */
export function coverDocument(
  facts: PackFacts,
  documents: readonly Document[],
  signer: { readonly fingerprint: string; readonly sm2: { readonly fingerprint: string } },
  say: Say,
): Document {
  const company = rowsOf(facts.file, 'company')[0];
  const licence = rowsOf(facts.file, 'licence')[0];
  return {
    id: 'cover',
    fileName: say('00-说明与目录', '00-about-and-contents'),
    title: inWords(packNames[facts.kind], say),
    forms: ['pdf'],
    blocks: [
      pairs(
        [say('公司', 'Company'), textOf(company, 'name')],
        [say('统一社会信用代码', 'Credit code'), textOf(company, 'creditCode')],
        [say('许可证编号', 'Licence number'), textOf(licence, 'number') || say('（申请中）', '(applied for)')],
        [say('业务种类', 'Class'), say('B24-1 国内呼叫中心业务', 'B24-1 domestic call centre')],
        [
          say('数据期间', 'Period of the data'),
          say(`${facts.from} 至 ${facts.to}（时区 ${facts.zone}）`, `${facts.from} to ${facts.to} (${facts.zone})`),
        ],
        [say('生成日期', 'Made on'), facts.today],
        [say('签名公钥指纹', 'Fingerprint of the signing key'), signer.fingerprint],
        [say('国密 SM2 签名公钥指纹', 'Fingerprint of the SM2 signing key'), signer.sm2.fingerprint],
        [say('外部见证', 'Outside witness'), witnessLine(facts, say)],
        [say('时钟', 'Clock'), clockLine(facts, say)],
        [say('未封存日的时钟', 'Clock on days not sealed'), openClockLine(facts, say)],
        [say('录音打开核对', 'Recordings opened'), openedLine(facts, say)],
        [say('录音缺失或受损', 'Recordings missing or damaged'), lostLine(facts, say)],
        ...drawnPairs(facts, say),
      ),
      text(
        say(
          '本材料包由正在运行的呼叫中心系统直接生成：设备与拓扑来自探针读数与登记的比对，服务质量数据由存储的话单逐条计算，原始行随包附上。',
          'This pack was made by the running call-centre system itself: equipment and topology come from probes compared with the registers, figures from the stored call records, whose rows are in the pack.',
        ),
      ),
      text(
        say(
          '用浏览器打开包内 verify.html，选择本压缩包，即可离线核对每个文件的摘要、行数与签名；无需联网，也无需本系统账号。',
          'Open verify.html from the pack in a browser and choose this archive: it checks the digest of each file, the number of rows and the signature, without a network and without an account.',
        ),
      ),
      heading(say('目录', 'Contents')),
      table(
        [say('文件', 'File'), say('名称', 'Title'), say('格式', 'Form')],
        [
          ...documents.map(({ fileName, title, forms }) => [fileName, title, listed(forms, say).toUpperCase()]),
          [`drawings/${topologyFile(say)}`, say('网络拓扑图（A3）', 'Network topology (A3)'), listed(['SVG', 'PNG', 'PDF'], say)],
          ['rows/*.csv', say('各项数据的原始明细', 'The rows behind the figures'), 'CSV'],
          ['tables/*.csv', say('同样的明细，供表格程序阅读', 'The same rows, for a spreadsheet'), 'CSV'],
          ...(facts.drawn === undefined ? [] : [['recordings/*.ogg', say('抽取的录音', 'The drawn recordings'), 'OGG']]),
          ['recompute.py', say('独立复算脚本（仅用 Python 标准库）', 'Independent recomputation (Python, standard library)'), 'PY'],
          ['verify.html', say('离线核验页', 'Offline verifier'), 'HTML'],
          [listed(['manifest.json', 'manifest.sig', 'manifest.sm2'], say), say('清单与签名', 'Manifest and signature'), 'JSON'],
        ],
        { widths: [3, 4, 1.4] },
      ),
      heading(say('待主管通信管理局确认的事项', 'Points to be confirmed with the authority')),
      ...(facts.openPoints.length === 0
        ? [text(say('全部事项已由责任人登记主管部门的答复。', 'The answer of the authority to every point is registered.'))]
        : [
            text(
              say(
                '以下内容依据未经核实的转述或解读，在责任人登记答复之前，据此得出的陈述均须向主管通信管理局确认：',
                'These rest on quotations or readings that are not verified. Until the answer is registered, what follows from them is to be confirmed with the competent communications administration (通信管理局):',
              ),
            ),
            table(
              [say('序号', 'No.'), say('事项', 'What')],
              facts.openPoints.map(({ text: words }, i) => [String(i + 1), words]),
              { widths: [0.6, 8] },
            ),
          ]),
    ],
  };
}

/** Ten years: a higher figure says only that there is hardly any traffic. */
const MOST_DAYS = 3_650;

const controls = (say: Say): Document['blocks'][number][] => [
  heading(say('三、可靠性', '3. Reliability')),
  text(
    say(
      '进程由监管进程守护，异常退出自动重启；媒体由独立的媒体网关承载，控制进程重启期间通话不中断。数据库不可用时话单写入本地落盘队列，恢复后补写；对象存储不可用时录音保留在本地落盘区并告警。',
      'A supervisor restarts a process that ends. Media run through a gateway of its own: calls go on while their control restarts. Without the database call records wait in a spool on the disk and are written later; without the object store recordings stay in the spool, with an alarm.',
    ),
  ),
  heading(say('四、主叫号码控制', '4. Control of caller numbers')),
  text(
    say(
      '仅允许传送登记在中继“允许传送的主叫号码”中的号码；坐席与接口不能自行指定号码；来自未登记地址的信令被拒绝并留痕。每一路外线（外呼、回拨、转接、咨询、队列溢出、流程转接）拨出时都须取得一次性许可，信令侧核验后方可发出；转接、咨询、溢出和流程只能到达“外部转接目的地”台账中经第二人复核、在有效期内的号码，显示的是来电所拨号码或台账指定的本单位号码；仅经单独授权的坐席可在通话中转接或咨询台账外号码，须当时写明原因并留痕，高额资费号码和卫星电话一律不得拨打。每日次数、分钟数和单次时长有上限；所拨号码、许可编号和时间记入话单、外呼记录和审计日志（反诈法第 14 条）。',
      'Only numbers that are registered as permitted on the trunk are sent; neither a seat nor an interface can choose one freely; signalling from unregistered addresses is refused and logged. Each leg outside (call out, callback, transfer, consultation, overflow of a queue, step of a flow) needs a permit when it is dialled, which signalling checks and uses up before it sends anything. Transfers, consultations, overflow and flows reach only numbers of the register of destinations outside that a second person has approved and that are valid; shown is the number that was called or the one of ours that the register names. Only an agent with a personal right transfers to or consults a number on no register, with a reason that is written at that moment and kept; premium numbers and satellites are never dialled so. Calls and minutes of a day and the length of a leg have ceilings; who was dialled, by which permit and when, stands in the call record, the attempts and the audit log (anti-fraud law, Art. 14).',
    ),
  ),
  heading(say('五、录音与保存', '5. Recording and retention')),
  text(
    say(
      '应答之前先写入带连续序号的录音意向；每通人工接听的呼叫有录音，或有明确的“无录音及原因”。归档时计算 SHA-256，上传、播放、导出与每日抽检均核对。',
      'Before the answer an intent with the next number of a gapless sequence is written; every handled call has a recording or an explicit reason why not. SHA-256 is taken when it is archived and checked on upload, play, export and in a nightly sample.',
    ),
  ),
  heading(say('六、外呼控制', '6. Control of outbound calls')),
  text(
    say(
      `外呼须有用户同意凭证、在登记的用途与时段之内、未被拒绝、未超频次；拒绝即时生效。不提供商业营销外呼用途。时段与频次数值见《外呼管理制度》，${toBeConfirmed(say)}。`,
      `An outbound call needs consent on record, a registered purpose, the hours, no refusal and a free frequency; a refusal works at once. There is no marketing purpose. Hours and frequencies: see the rules for outbound calls, ${toBeConfirmed(say)}.`,
    ),
  ),
  heading(say('七、安全', '7. Security')),
  text(
    say(
      '账号一人一号，管理与监管账号使用第二因素；角色分离；号码默认掩码显示，查看明文、播放、下载、导出均须权限与理由并写入哈希链审计。',
      'One account is one person, with a second factor for supervisors and administrators; roles are separated; numbers are masked; seeing them, playing, downloading and exporting need a right and a reason and are written into a hash-chained audit log.',
    ),
  ),
];

/** 技术方案 (item 72); capacities are computed from what was measured. */
export function technicalPlan(facts: Pick<PackFacts, 'file' | 'capacity' | 'usage' | 'topologySvg'>, say: Say): Document {
  const { capacity, file } = facts;
  const trunks = rowsOf(file, 'trunks').filter((trunk) => textOf(trunk, 'state') === 'in-use');
  const channels = trunks.reduce((sum, trunk) => sum + numberOf(trunk, 'channels'), 0);
  const seats = rowsOf(file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '').length;
  const rate = capacity.recordingBytesPerSecond;
  const perDay = rate === undefined ? undefined : rate * capacity.recordedSecondsPerDay;
  const standing = !facts.topologySvg.includes('width="420mm" height');
  const days =
    perDay === undefined || perDay === 0 || capacity.storageFreeBytes === undefined ? undefined : capacity.storageFreeBytes / perDay;
  const full = rate === undefined ? undefined : rate * 86_400 * channels;
  return {
    id: 'technical-plan',
    fileName: say('03-技术方案', '03-technical-plan'),
    title: say('技术方案', 'Technical plan'),
    forms: ['pdf', 'docx'],
    blocks: [
      heading(say('一、总体架构', '1. Architecture')),
      text(
        say(
          '公用通信网来话经运营商中继进入 SIP 接入服务器，由呼叫控制进行号码状态、时间与主叫合法性检查，经媒体网关应答并播放录音告知，进入语音导航与排队；路由按技能与等待次序分配坐席；坐席以浏览器（WebRTC，SRTP 加密）接听。录音自应答起在服务器侧双声道采集，加密后归档到对象存储。',
          'A call from the public network comes over the trunk of a carrier to the SIP server. Call control checks the state of the number, the hours and the caller number, answers through the media gateway, plays the recording notice, and leads through menu and queue. Routing gives it to a seat by skill and order of waiting; seats answer in the browser (WebRTC, SRTP). It is recorded on the server in two channels from the answer on, encrypted and archived in the object store.',
        ),
      ),
      text(
        say(
          '坐席、录音与业务后台各为独立进程，网页或报表故障不影响在线通话。节点、连接与安全域边界见附图《网络拓扑图》，设备见《设备清单》。',
          'Seats, recording and back office are processes of their own: a fault of a page or a report does not touch calls. Nodes, connections and zone borders stand in the network topology, devices in the equipment list.',
        ),
      ),
      {
        kind: 'drawing',
        svg: facts.topologySvg,
        // A portrait sheet at full width would be so high that it left the page before it empty.
        widthPt: standing ? 260 : 400,
        caption: say('网络拓扑图（缩略，A3 原图见附图）', 'Network topology (reduced; the A3 sheet is attached)'),
      },
      heading(say('二、容量（由实测数据计算）', '2. Capacity (computed from what was measured)')),
      pairs(
        [
          say('中继通道', 'Trunk channels'),
          `${channels} (${
            listed(
              trunks.map(({ key }) => key),
              say,
            ) || say('未登记', 'none registered')
          })`,
        ],
        [
          say('登记坐席', 'Seats declared'),
          say(
            `${seats} 席，期间同时在线峰值 ${facts.usage.peakSeats} 席`,
            `${seats}; most at once in the period: ${facts.usage.peakSeats}`,
          ),
        ],
        [
          say('并发呼叫峰值（实测）', 'Most calls at once (measured)'),
          capacity.peakCalls === undefined ? say('（期间无呼叫）', '(no calls in the period)') : String(capacity.peakCalls),
        ],
        [
          say('录音码率（实测）', 'Bit-rate of recordings (measured)'),
          rate === undefined
            ? say('（期间无录音）', '(no recordings in the period)')
            : `${((rate * 8) / 1_000).toFixed(1)} kbit/s${say('，由归档文件大小 ÷ 时长得出', ', size of archived files ÷ their length')}`,
        ],
        [
          say('日均录音时长（实测）', 'Recorded a day (measured)'),
          `${(capacity.recordedSecondsPerDay / 3_600).toFixed(2)} ${say('小时', 'hours')}`,
        ],
        [say('日均新增存储', 'Storage a day'), perDay === undefined ? '—' : showBytes(perDay)],
        [say('可用存储', 'Storage free'), capacity.storageFreeBytes === undefined ? '—' : showBytes(capacity.storageFreeBytes)],
        [
          say('按现有话务可存天数', 'Days that fit at this traffic'),
          days === undefined ? '—' : days > MOST_DAYS ? say(`${MOST_DAYS} 以上`, `more than ${MOST_DAYS}`) : String(Math.floor(days)),
        ],
        [say('全部通道满负荷每日存储', 'Storage a day with every channel busy'), full === undefined ? '—' : showBytes(full)],
      ),
      ...controls(say),
    ],
  };
}

/** Contradictions between the file and the system, and differences from the last filing (item 71). */
export function differencesDocument(facts: PackFacts, say: Say): Document {
  const oldest = facts.differences.map(({ since }) => since).sort()[0];
  return {
    id: 'differences',
    fileName: say('12-备案差异与一致性检查', '12-differences'),
    title: say('备案差异与一致性检查', 'Differences from the filing, and contradictions'),
    forms: ['pdf', 'xlsx'],
    blocks: [
      heading(say('与最近一次备案的差异', 'Differences from the last filing')),
      text(
        facts.filedOn === undefined
          ? say('尚未冻结任何备案状态。', 'No filing has been frozen yet.')
          : facts.differences.length === 0
            ? say(`与 ${facts.filedOn} 的备案一致。`, `As filed on ${facts.filedOn}.`)
            : say(
                `与 ${facts.filedOn} 的备案相比有 ${facts.differences.length} 处差异，最早出现于 ${oldest ?? ''}。`,
                `${facts.differences.length} differences from the filing of ${facts.filedOn}, the oldest since ${oldest ?? ''}.`,
              ),
      ),
      small(legalDays(say)),
      table(
        [
          say('对象', 'Subject'),
          say('变化', 'Change'),
          say('备案时', 'As filed'),
          say('现在', 'Now'),
          ofDates(say('出现日期', 'Since')),
          ofDates(say('最迟报备日期', 'File by')),
        ],
        facts.differences.map((each) => [
          each.what,
          inWords(changes[each.change], say),
          each.filed,
          each.now,
          each.since,
          each.fileBy || '–',
        ]),
        { title: say('备案差异', 'Differences'), widths: [2, 0.8, 3, 3, 1.3, 1.3] },
      ),
      heading(say('登记与使用的一致性', 'Registers against use')),
      table(
        [say('级别', 'Level'), say('对象', 'Subject'), say('说明', 'What'), say('依据', 'Basis')],
        facts.findings.map(({ severity, subject, text: words, basis }) => [
          inWords(severities[severity], say),
          named(findingSubjects, subject, say),
          words,
          basis,
        ]),
        { title: say('一致性检查', 'Contradictions'), widths: [0.8, 1.6, 5, 1.4] },
      ),
    ],
  };
}
