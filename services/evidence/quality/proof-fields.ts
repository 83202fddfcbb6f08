import { field, type RowFile } from './row-field.js';
import type { attachmentColumns, clockColumns, consentColumns, drawnColumns, ledgerColumns, legColumns } from './proof-row.js';

const personKey = field('text', '对方代号', 'Person', '与呼出请求中的对方代号相同', 'As in attempts');

/** The rows that no figure is counted from, with their words. */
export const proofFiles = {
  consents: {
    name: { zh: '同意凭证', en: 'consents' },
    fields: {
      consentId: field('text', '凭证编号', 'Consent'),
      atMs: field('moment', '登记时间', 'Written down'),
      givenAtMs: field('moment', '同意时间', 'Given'),
      personKey,
      numberMasked: field('text', '号码（掩码）', 'Number (masked)'),
      purposes: field('text', '同意的用途', 'Purposes', '以分号分隔', 'Separated by semicolons'),
      channel: field('text', '取得方式', 'Channel'),
      clientUnit: field('text', '委托单位', 'Client unit', '空：不限', 'Empty: for all'),
      validUntilMs: field('moment', '有效期至', 'Valid until'),
      withdrawnAtMs: field('moment', '撤回时间', 'Withdrawn'),
      original: field('text', '原件', 'Original', 'file 文件，call:编号 录音，空：没有', 'file, call:ID of the recording, or empty: none'),
      originalSha256: field('text', '原件哈希值（SHA-256）', 'SHA-256 of the original'),
    },
  } satisfies RowFile<(typeof consentColumns)[number]>,
  legs: {
    name: { zh: '外转线路', en: 'legs outside' },
    fields: {
      legId: field('text', '编号', 'Leg'),
      callId: field('text', '通话编号', 'Call'),
      atMs: field('moment', '时间', 'At'),
      way: field('text', '方式', 'Way', '转接、咨询、溢出等', 'Transfer, consultation, overflow and the like'),
      allowed: field('yes-no', '是否允许', 'Allowed'),
      reason: field('text', '拦截规则', 'Refused by'),
      purpose: field('text', '用途', 'Purpose'),
      personKey,
      numberMasked: field('text', '被叫号码（掩码）', 'Number (masked)'),
      shown: field('text', '显示的主叫号码', 'Number shown'),
      trunkId: field('text', '中继', 'Trunk'),
    },
  } satisfies RowFile<(typeof legColumns)[number]>,
  clocks: {
    name: { zh: '投诉时限', en: "complaints' clocks" },
    fields: {
      eventId: field('text', '编号', 'Event'),
      number: field('text', '投诉编号', 'Number'),
      atMs: field('moment', '时间', 'At'),
      what: field(
        'text',
        '事项',
        'What',
        'started 起算，extended 延期，paused 中止，resumed 恢复，recounted 改变省份或类型后重算，stopped 答复，closed 办结，reopened 重新办理',
        'started, extended, paused, resumed, recounted (after another province or kind), stopped (answered), closed or reopened',
      ),
      dueAtMs: field('moment', '答复时限', 'Due', '起算时的时限；变动时为变动之前的时限', 'At the start; of a move what was due before it'),
      ruleId: field('text', '时限规则', 'Rule'),
    },
  } satisfies RowFile<(typeof clockColumns)[number]>,
  ledger: {
    name: { zh: '录音台账', en: 'recording ledger' },
    fields: {
      number: field('number', '台账序号', 'Ledger number'),
      callId: field('text', '通话编号', 'Call'),
      atMs: field('moment', '登记时间', 'Intended'),
      row: field(
        'json',
        '台账全文',
        'Row',
        '按键排序的 JSON，日结表的 rowsHash 由其逐行计算',
        'JSON with sorted keys; rowsHash of the sheet is made of them',
      ),
    },
  } satisfies RowFile<(typeof ledgerColumns)[number]>,
  attachments: {
    name: { zh: '附件', en: 'attachments' },
    fields: {
      fileId: field('text', '附件编号', 'File'),
      of: field(
        'text',
        '所属',
        'Of',
        'complaint 投诉，letter 载有投诉人完整号码的答复函（只列出），register 登记册，consent 同意凭证',
        'complaint, letter (with the whole number of the complainant, listed only), register or consent',
      ),
      subject: field('text', '所属编号', 'Subject'),
      atMs: field('moment', '上传时间', 'Attached'),
      fileName: field('text', '文件名', 'File name'),
      sizeBytes: field('number', '字节数', 'Bytes'),
      sha256: field('text', '哈希值（SHA-256）', 'SHA-256'),
      withdrawnAtMs: field('moment', '撤下时间', 'Withdrawn'),
      kept: field(
        'text',
        '收录情况',
        'Kept',
        'packed 在包内，listed 仅列出，missing 原件缺失',
        'packed, listed only, or missing from the store',
      ),
      path: field('text', '包内路径', 'Path in the pack'),
    },
  } satisfies RowFile<(typeof attachmentColumns)[number]>,
  drawn: {
    name: { zh: '抽取的录音', en: 'drawn recordings' },
    fields: {
      place: field('number', '抽取次序', 'Place in the draw'),
      callId: field('text', '通话编号', 'Call'),
      atMs: field('moment', '录音开始', 'Began'),
      durationMs: field('milliseconds', '时长', 'Length'),
      sizeBytes: field('number', '字节数', 'Bytes'),
      sha256: field(
        'text',
        '哈希值（SHA-256）',
        'SHA-256',
        '存档时的哈希值，与录音台账相同；包内文件的哈希值应与之一致',
        'As it was archived and as the ledger has it; the file in the pack has the same',
      ),
      ledgerNumber: field('number', '录音台账序号', 'Ledger number'),
      kept: field(
        'text',
        '收录情况',
        'Kept',
        'packed 在包内，missing 存储中已无原文件，deleted 已按规则删除',
        'packed, missing from the store, or deleted by its rule',
      ),
      path: field('text', '包内路径', 'Path in the pack'),
    },
  } satisfies RowFile<(typeof drawnColumns)[number]>,
} as const;
