import { TO_BE_CONFIRMED } from '../checks/open-points.js';
import { categories } from '../inventory/equipment.js';
import { numberOf, rowsOf, textOf } from '../licence-file.js';
import { heading, pairs, small, table, text, type Document } from './document.js';
import { localTime, showBytes } from './format.js';
import { packNames, type PackFacts } from './pack-facts.js';

const standings = { matched: '已核实', 'seen-not-declared': '未登记', 'declared-silent': '登记未见', 'by-hand': '人工登记' } as const;

/** The first document: what is in the pack, what it rests on, and what nobody has confirmed. */
export function coverDocument(facts: PackFacts, documents: readonly Document[], keyFingerprint: string): Document {
  const company = rowsOf(facts.file, 'company')[0];
  const licence = rowsOf(facts.file, 'licence')[0];
  return {
    id: 'cover',
    fileName: '00-说明与目录',
    title: packNames[facts.kind],
    forms: ['pdf'],
    blocks: [
      pairs(
        ['公司', textOf(company, 'name')],
        ['统一社会信用代码', textOf(company, 'creditCode')],
        ['许可证编号', textOf(licence, 'number') || '(申请中)'],
        ['业务种类', 'B24-1 国内呼叫中心业务(部分文章误作 B21)'],
        ['数据期间', `${facts.from} 至 ${facts.to}(${facts.zone})`],
        ['生成日期', facts.today],
        ['签名公钥指纹', keyFingerprint],
      ),
      text('本材料包由正在运行的呼叫中心系统直接生成:设备与拓扑来自探针读数与登记的比对,服务质量数据由存储的话单逐条计算,原始行随包附上。'),
      text('用浏览器打开包内 verify.html,选择本压缩包,即可离线核对每个文件的摘要、行数与签名;无需联网,也无需本系统账号。'),
      heading('目录'),
      table(
        ['文件', '名称', '格式'],
        [
          ...documents.map(({ fileName, title, forms }) => [fileName, title, forms.join('、').toUpperCase()]),
          ['drawings/网络拓扑图', '网络拓扑图(A3)', 'SVG、PNG、PDF'],
          ['rows/*.csv', '各项数据的原始行', 'CSV'],
          ['recompute.py', '独立复算脚本(仅用 Python 标准库)', 'PY'],
          ['verify.html', '离线核验页', 'HTML'],
          ['manifest.json、manifest.sig', '清单与签名', 'JSON'],
        ],
        { widths: [3, 4, 1.4] },
      ),
      heading(`${TO_BE_CONFIRMED}的事项`),
      ...(facts.openPoints.length === 0
        ? [text('全部事项已由责任人登记主管部门的答复。')]
        : [
            text('以下内容依据未经核实的转述或解读,在责任人登记答复之前,据此得出的陈述均须向主管通信管理局确认:'),
            table(
              ['编号', '事项'],
              facts.openPoints.map(({ id, text: words }) => [id, words]),
              { widths: [1.3, 5] },
            ),
          ]),
    ],
  };
}

/** 设备清单 with the columns of regulation 6.2. */
export function equipmentDocument(facts: PackFacts): Document {
  const { lines, findings } = facts.equipment;
  return {
    id: 'equipment',
    fileName: '01-设备清单',
    title: '设备清单',
    landscape: true,
    forms: ['pdf', 'xlsx'],
    blocks: [
      small('栏目为归纳的合集,官方模板未找到(' + TO_BE_CONFIRMED + ')。"核实"一栏由探针与登记比对得出;人工登记的设备没有探针。'),
      table(
        [
          '序号',
          '节点号',
          '设备名称',
          '类别',
          '型号规格',
          '数量',
          '生产厂家',
          '取得方式',
          '用途',
          '放置地点',
          '软件名称及版本',
          '进网许可证号',
          '资产编号/序列号',
          '启用日期',
          '责任人',
          '状态',
          '核实',
        ],
        lines.map((line, i) => [
          String(i + 1),
          line.node,
          line.name,
          categories[line.category],
          line.model,
          String(line.quantity),
          line.maker,
          line.obtained,
          line.use,
          line.place || siteAddress(facts, line.siteId),
          line.software,
          line.networkAccessLicence,
          line.seenBy !== undefined && line.asset === line.seenBy.subject ? '(软件,随主机)' : line.asset,
          line.usedFrom,
          line.responsible,
          line.state,
          standings[line.standing],
        ]),
        { title: '设备清单', widths: [0.8, 1, 2, 1.6, 2, 0.8, 1.4, 1.2, 2.2, 2.4, 2, 1.3, 2, 1.5, 1.2, 1, 1.2] },
      ),
      heading('差异'),
      table(
        ['级别', '对象', '说明', '依据'],
        findings.map(({ severity, subject, text: words, basis }) => [severity === 'breach' ? '须处理' : '提示', subject, words, basis]),
        { title: '设备差异', widths: [1, 2, 6, 1.5] },
      ),
      heading('探针读数'),
      table(
        ['时间', '探针', '结果', '对象', '用时(毫秒)', '原始答复 SHA-256'],
        facts.probes
          .filter(({ kind }) => kind !== 'connection' && kind !== 'seat' && kind !== 'listener')
          .slice(0, 200)
          .map(({ at, probe, outcome, subject, durationMs, rawSha256 }) => [
            localTime(at.getTime(), facts.zone),
            probe,
            { answered: '已答复', failed: '失败', 'timed-out': '超时被切断' }[outcome],
            subject,
            String(durationMs),
            rawSha256,
          ]),
        { title: '探针读数', widths: [1.8, 2, 1.2, 3, 1, 5] },
      ),
    ],
  };
}

const siteAddress = (facts: PackFacts, siteId: string): string =>
  textOf(
    rowsOf(facts.file, 'sites').find(({ key }) => key === siteId),
    'address',
  ) || siteId;

/** 技术方案 (item 72); capacities are computed from what was measured. */
export function technicalPlan(facts: PackFacts): Document {
  const { capacity, file } = facts;
  const trunks = rowsOf(file, 'trunks').filter((trunk) => textOf(trunk, 'state') === 'in-use');
  const channels = trunks.reduce((sum, trunk) => sum + numberOf(trunk, 'channels'), 0);
  const rate = capacity.recordingBytesPerSecond;
  const perDay = rate === undefined ? undefined : rate * capacity.recordedSecondsPerDay;
  const days =
    perDay === undefined || perDay === 0 || capacity.storageFreeBytes === undefined ? undefined : capacity.storageFreeBytes / perDay;
  const full = rate === undefined ? undefined : rate * 86_400 * channels;
  return {
    id: 'technical-plan',
    fileName: '03-技术方案',
    title: '技术方案',
    forms: ['pdf', 'docx'],
    blocks: [
      heading('一、总体架构'),
      text(
        '公用通信网来话经运营商中继进入 SIP 接入服务器,由呼叫控制进行号码状态、时间与主叫合法性检查,经媒体网关应答并播放录音告知,进入语音导航与排队;路由按技能与等待次序分配座席;座席以浏览器(WebRTC,SRTP 加密)接听。录音自应答起在服务器侧双声道采集,加密后归档到对象存储。',
      ),
      text(
        '座席、录音与业务后台各为独立进程,网页或报表故障不影响在线通话。节点、连接与安全域边界见附图《网络拓扑图》,设备见《设备清单》。',
      ),
      { kind: 'drawing', svg: facts.topologySvg, widthPt: 400, caption: '网络拓扑图(缩略,A3 原图见附图)' },
      heading('二、容量(由实测数据计算)'),
      pairs(
        ['中继通道', `${channels} 路(${trunks.map(({ key }) => key).join('、') || '未登记'})`],
        [
          '登记座席',
          `${rowsOf(file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '').length} 席,期间同时在线峰值 ${facts.usage.peakSeats} 席`,
        ],
        ['并发呼叫峰值(实测)', capacity.peakCalls === undefined ? '(期间无呼叫)' : `${capacity.peakCalls} 路`],
        ['录音码率(实测)', rate === undefined ? '(期间无录音)' : `${((rate * 8) / 1_000).toFixed(1)} kbit/s,由归档文件大小 ÷ 时长得出`],
        ['日均录音时长(实测)', `${(capacity.recordedSecondsPerDay / 3_600).toFixed(2)} 小时`],
        ['日均新增存储', perDay === undefined ? '—' : showBytes(perDay)],
        ['可用存储', capacity.storageFreeBytes === undefined ? '—' : showBytes(capacity.storageFreeBytes)],
        ['按现有话务可存天数', days === undefined ? '—' : `${Math.floor(Math.min(days, 99_999))} 天`],
        ['全部通道满负荷每日存储', full === undefined ? '—' : showBytes(full)],
      ),
      heading('三、可靠性'),
      text(
        '进程由监管进程守护,异常退出自动重启;媒体由独立的媒体网关承载,控制进程重启期间通话不中断。数据库不可用时话单写入本地落盘队列,恢复后补写;对象存储不可用时录音保留在本地落盘区并告警。',
      ),
      heading('四、主叫号码控制'),
      text(
        '仅允许传送登记在中继"允许传送的主叫号码"中的号码;座席与接口不能自行指定号码;来自未登记地址的信令被拒绝并留痕。不存在由座席或第三方设备绕过主叫控制到达中继的通路(反诈法第 14 条)。',
      ),
      heading('五、录音与保存'),
      text(
        '应答之前先写入带连续序号的录音意向;每通人工接听的呼叫有录音,或有明确的"无录音及原因"。归档时计算 SHA-256,上传、播放、导出与每日抽检均核对。',
      ),
      heading('六、外呼控制'),
      text(
        '外呼须有用户同意凭证、在登记的用途与时段之内、未被拒绝、未超频次;拒绝即时生效。不提供商业营销外呼用途。时段与频次数值见《外呼管理》,' +
          TO_BE_CONFIRMED +
          '。',
      ),
      heading('七、安全'),
      text('账号一人一号,管理与监管账号使用第二因素;角色分离;号码默认掩码显示,查看明文、播放、下载、导出均须权限与理由并写入哈希链审计。'),
    ],
  };
}

/** What the file and the system contradict each other in, and what differs from the last filing (item 71). */
export function differencesDocument(facts: PackFacts): Document {
  const oldest = facts.differences.map(({ since }) => since).sort()[0];
  return {
    id: 'differences',
    fileName: '12-报备差异与一致性检查',
    title: '报备差异与一致性检查',
    forms: ['pdf', 'xlsx'],
    blocks: [
      heading('与最近一次报备的差异'),
      text(
        facts.filedOn === undefined
          ? '尚未冻结任何报备状态。'
          : facts.differences.length === 0
            ? `与 ${facts.filedOn} 的报备一致。`
            : `与 ${facts.filedOn} 的报备相比有 ${facts.differences.length} 处差异,最早出现于 ${oldest ?? ''}。`,
      ),
      small(`组网技术方案变更前须报告,出自 2004 年通知,是否现行有效${TO_BE_CONFIRMED}。其他变更按 30 日计。`),
      table(
        ['对象', '变化', '报备时', '现在', '出现日期', '应报备日期'],
        facts.differences.map((each) => [
          each.subject,
          { added: '新增', removed: '减少', changed: '变更' }[each.change],
          each.filed,
          each.now,
          each.since,
          each.fileBy,
        ]),
        { title: '报备差异', widths: [2, 0.8, 3, 3, 1.3, 1.3] },
      ),
      heading('登记与使用的一致性'),
      table(
        ['级别', '对象', '说明', '依据'],
        facts.findings.map(({ severity, subject, text: words, basis }) => [
          { breach: '须处理', warning: '警示', note: '提示' }[severity],
          subject,
          words,
          basis,
        ]),
        { title: '一致性检查', widths: [0.8, 1.6, 5, 1.4] },
      ),
    ],
  };
}
