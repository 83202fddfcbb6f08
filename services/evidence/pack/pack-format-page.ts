// The format of evidence packs, field by field, in Chinese: inspectors read it. The rows follow from the columns that packs are written with.
import type { Draw } from './draw.js';
import type { EarlierPack, Restore } from './history.js';
import type { Manifest, PackedFile, PackedQuery } from './manifest.js';
import type { Figure } from '../quality/formulas.js';
import type { RowField, RowFieldKind } from '../quality/row-field.js';
import { rowFiles } from '../quality/row-fields.js';

type Meaning<T> = Readonly<Record<keyof Required<T>, string>>;

const kinds: Readonly<Record<RowFieldKind, string>> = {
  text: '文本',
  moment: '时刻：1970-01-01 00:00:00 UTC 起的毫秒数',
  milliseconds: '时长：毫秒',
  number: '数',
  'yes-no': 'true 是，false 否',
  json: 'JSON 文本',
};

const manifest: Meaning<Manifest> = {
  format: '固定为 `proofline-pack/1`',
  number: '本证据包的序号，逐包加 1',
  packId: '证据包编号',
  kind: '种类：licence 许可申请，renewal 续期，change 变更，inspection 现场检查，annual 年报',
  period: '期间：`from`、`to` 为首末日期（含），`zone` 为时区',
  madeAt: '制作时间，ISO 8601，UTC',
  productVersion: '产品版本',
  company: '公司名称',
  licence: '许可证编号',
  dataSha256: '生成文件所依据的事实的哈希值',
  previous: '上一个证据包的清单哈希值；第一个为 null',
  publicKey: '签名公钥：Ed25519，SPKI，base64',
  publicKeySm2: '国密签名公钥：SM2，SPKI，base64；较早版本的证据包没有此项，也没有 `manifest.sm2`',
  files: '文件清单，见下表',
  queries: '每个数据明细文件的查询语句，见下表',
  openPoints: '尚待主管部门确认的事项编号',
  clock: '仅当制作时本机时钟早于上一个证据包时出现：`before-the-last-pack`',
  holds:
    '除指标所依据的明细外，本包还收录哪些明细，`tables` 为供阅读的表格，`printed` 表示 PDF 中的指标表可由核验程序读出并比对，`history` 表示附有历次证据包清册 `packs.json`，`numbers` 表示附有台账编号 `ledger-numbers.json`，`jumps` 表示附有未封存日的时钟跳变 `clock-jumps.json`；较早版本的证据包没有此项',
  language: '文件语言：zh-CN 或 en',
  drawn: '仅当制作时要求收录抽取的录音时出现，见下表',
};
const draw: Meaning<Draw> = {
  asked: '要求抽取的录音数',
  seed: '种子',
  seedFrom:
    '种子的来源：inspector 由检查人员以本人账号录入，outside 由外部人员指定，day-sheet 最近一张已送外见证的日结表的哈希值，system 由系统生成（无外部人员参与）',
};
const earlier: Meaning<EarlierPack> = {
  number: '序号',
  packId: '证据包编号',
  kind: '种类，同清单',
  sha256: '该证据包清单（`manifest.json`）的哈希值',
};
const restore: Meaning<Restore> = { at: '恢复时间，ISO 8601，UTC', backup: '备份名称' };
const file: Meaning<PackedFile> = {
  name: '压缩包内的路径',
  bytes: '字节数',
  sha256: '哈希值（SHA-256，十六进制）',
  rows: '数据明细的行数，不含表头',
};
const query: Meaning<PackedQuery> = { file: '数据明细文件', text: '查询语句', sha256: '查询语句的哈希值' };
const figure: Meaning<Figure> = {
  formula: '公式',
  version: '公式版本',
  month: '月份，按站点时区',
  group: '统计对象：`all` 全部，`queue:` 队列，`number:` 号码，`trunk:` 中继',
  numerator: '分子',
  denominator: '分母',
  value: '值；分母为 0 时不写',
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
const fieldsOf = (meanings: Readonly<Record<string, string>>): string =>
  table(
    ['字段', '含义'],
    Object.entries(meanings).map(([name, words]) => [`\`${name}\``, words]),
  );
const rowsOf = (fields: Readonly<Record<string, RowField>>): string =>
  table(
    ['列', '名称', '写法', '说明'],
    Object.entries(fields).map(([column, { name, kind, text }]) => [`\`${column}\``, name.zh, kinds[kind], text?.zh ?? '']),
  );

/** What stands in a pack, by path. */
const contents = [
  ['`documents/`', '文件：PDF、DOCX、XLSX'],
  ['`submission/`', '许可事项的申报材料，按提交顺序编号'],
  ['`drawings/`', '网络拓扑图：SVG、PNG、PDF'],
  ['`rows/`', '数据明细，各文件见下'],
  ['`tables/`', '同样的明细，供表格程序打开阅读，见“供阅读的表格”'],
  ['`attachments/`', '投诉、登记册和同意凭证的附件原文件，逐件列于 `rows/attachments.csv`'],
  ['`recordings/`', '抽取的录音，逐条列于 `rows/drawn.csv`；制作时要求收录的才有'],
  ['`figures.json`', '期间、公式全文和全部指标'],
  ['`stored-figures.json`', '投诉与满意度按月、按年保存的数据'],
  [
    '`sheets.json`',
    '期间首日起的录音日结表；`clock` 为封存时的授时来源及自前一张日结表以来的时钟跳变（`at` 为跳变后的时刻，`byMs` 为毫秒数）',
  ],
  [
    '`ledger-numbers.json`',
    '录音台账的编号，用于查出缺号：`numbers` 为在 `after` 与 `before` 之间有台账行的编号区间；`leases` 为各进程预领的编号区间，其末尾可能尚未使用。收录台账时才有',
  ],
  [
    '`clock-jumps.json`',
    '尚未列入日结表的时钟跳变：`open` 为待封存的跳变（`at`、`byMs` 同日结表；`isOwed` 表示尚未写入审计日志）；`audited` 为审计日志中的跳变及其行号 `number`，自期间首日之前最后一张日结表封存时的审计行 `after` 之后起（没有则为 0），并含 `open` 各次跳变所在的行。两者与日结表应一致：审计日志有而 `open` 与日结表都没有的，或 `open` 有而审计日志没有的，判为不通过；期间末日尚未封存的，`open` 的每次跳变判为尚未核实',
  ],
  ['`probes.json`', '探测结果及其原始数据'],
  ['`packs.json`', '历次证据包清册和从备份恢复的记录，见“历次证据包”'],
  [
    '`witness/`',
    '已对外存证的日结表声明（`日期.txt`）、时间戳（`日期.序号.tsr`，RFC 3161）及 HTTPS 见证方的回执（`日期.receipt.json`，其 `sheet` 为日结表的哈希值）',
  ],
  ['`verify.html`、`recompute.py`', '核验程序；请使用从证据包以外取得的副本，并核对[公布的哈希值](verifiers.md)'],
  ['`manifest.json`', '清单'],
  ['`manifest.sig`', '对 `manifest.json` 全部字节的签名：`algorithm` 为 Ed25519，`signature` 为 base64'],
  [
    '`manifest.sm2`',
    '对 `manifest.json` 全部字节的国密签名（GB/T 32918.2 SM2，GB/T 32905 SM3）：`algorithm` 为 SM2-SM3，`signature` 为 DER 编码的 base64，用户标识为 GM/T 0009 规定的默认值 `1234567812345678`',
  ],
  ['`manifest.tsr`', '清单的时间戳（RFC 3161，DER），设有时间戳机构时才有'],
];

export const packFormatPage = (): string => `# 证据包格式

由 \`npm run reference\` 按代码生成，测试核对两者一致。

证据包是一个 ZIP 文件（超过 4 GiB 时为 Zip64），内容如下。

${table(['路径', '内容'], contents)}

不用核验程序也可核对：\`sha256sum 文件\`（Windows 为 \`certutil -hashfile 文件 SHA256\`）的结果应与清单一致；时间戳用 \`openssl ts -verify -data manifest.json -in manifest.tsr -CAfile 根证书\`。

## 清单

${fieldsOf(manifest)}

\`files\` 的每一项：

${fieldsOf(file)}

\`queries\` 的每一项：

${fieldsOf(query)}

\`drawn\`：

${fieldsOf(draw)}

## 历次证据包

\`packs.json\` 由两部分组成。\`packs\` 按序号列出此前制作的全部证据包，每一项：

${fieldsOf(earlier)}

最后一项的 \`sha256\` 即清单的 \`previous\`。\`restores\` 按时间列出审计记录中的每次从备份恢复，每一项：

${fieldsOf(restore)}

核验程序可同时核验多个证据包：后一个的清册应在前一个的序号处列出其哈希值。同一序号处是另一个证据包的，说明前一个制作之后系统的记录曾被退回（例如从备份恢复）或证据包被重新制作，判为不通过；系统登记了其间从备份恢复的，判为尚未核实。同类证据包中间缺少的、重复提交的，逐个指出。

## 抽取的录音

对期间内每条录音（\`rows/recordings.csv\` 的每一行，含已删除的），计算“种子 + 换行符 + 通话编号”（UTF-8）的 SHA-256，取其中最小的若干条，由小到大即为抽取次序。已按规则删除的录音也参加抽取，被抽中的列出而不收录。任何人持种子和明细均可重新抽取；核验程序据此判断有无漏收、多收或调换。\`recordings/通话编号.ogg\` 是存档时的原始字节（Ogg Opus，左声道为对方、右声道为坐席，不加水印）：存档在存储中是加密的，收录前解密；台账、日结表和 \`rows/recordings.csv\` 中的哈希值都是对解密后的原始字节计算的。

## 指标

\`figures.json\` 含 \`zone\`（时区）、\`untilMs\`（期间结束时刻）、\`formulas\`（公式的编号、版本、名称、全文和历次改动；运营报表中有同一指标的，\`figure\` 为其编号）和 \`figures\`，后者每一项：

${fieldsOf(figure)}

## 供阅读的表格

\`tables/\` 中的文件与 \`rows/\` 逐个对应（中文证据包以下文各节的中文名命名，如 \`tables/通话.csv\`），行数和行序相同，可直接用 Excel 或 WPS 打开：UTF-8，有字节顺序标记，每行以回车换行结束；首行为下表“名称”一列，时长类另注“（秒）”。写法与数据明细的不同之处：

- 时刻写作站点当地时间，如 \`2026-10-01 09:30:00\`，舍去不足一秒的部分；时长以秒计；是、否以汉字写；
- 方向、类别、投诉的类型、来源和状态、拦截规则、外呼用途等写中文，其余值与数据明细相同；
- 写法为 JSON 的列不列入；
- 单元格以 \`=\`、\`+\`、\`-\`、\`@\` 开头的，以及会被表格程序当作数值改写的长编号，前加一个 \`'\`。

这些文件同样列入清单、受签名保护。核验程序重算指标时只读 \`rows/\`，并将每张表格与 \`rows/\` 逐行、逐格比对，缺表、多表、缺行、多行或任何一格不符，均判为不通过。一张工作表最多显示 1,048,576 行，更多的行请按月制作证据包。

## 数据明细

文件为 CSV（RFC 4180，UTF-8，无字节顺序标记），逗号分隔，每行以换行符结束，单元格内没有换行，首行为列名，空单元格表示没有该值。个人号码不出现：号码掩码，或由加密钥计算的代号代替。

${Object.entries(rowFiles)
  .map(([name, { name: words, fields }]) => `### ${words.zh}：\`rows/${name}.csv\`\n\n${rowsOf(fields)}`)
  .join('\n\n')}
`;
