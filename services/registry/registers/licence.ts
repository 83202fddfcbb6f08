import { cities, provinces } from '../../shared/domain/numbers/province.js';
import { column, must, type Field } from '../field.js';
import type { Register } from '../register.js';

const scope = { provincial: ['省内（地网）', 'One province'], nationwide: ['全国（全网）', 'Nationwide'] } as const;

const provinceColumn = (key: string, zh: string, en: string, kind: 'choice' | 'list', required = false): Field => ({
  ...column(key, zh, en, kind, { required, reads: 'province' }),
  choices: provinces,
});
const cityColumn = (key: string): Field => ({ ...column(key, '城市', 'City', 'choice'), choices: cities });

/** The licence and its holder: 42号令 Art. 6, 电信条例 Art. 9 and 13. */
export const licenceRegisters = {
  licence: {
    title: { zh: '经营许可证', en: 'Licence' },
    keyField: 'number',
    fields: [
      column('number', '许可证编号', 'Licence number', 'text', { required: true, pattern: /^\S*B2-\d{4,12}$/ }),
      // Some articles write B21, the class of 在线数据处理与交易处理业务; only B24-1 is valid here.
      column('class', '业务种类', 'Class', 'choice', {
        required: true,
        choices: { 'B24-1': ['国内呼叫中心业务 B24-1', 'Domestic call centre B24-1'] },
      }),
      column('scope', '覆盖范围', 'Coverage', 'choice', { required: true, choices: scope }),
      provinceColumn('provinces', '覆盖省份', 'Provinces', 'list'),
      column('authority', '发证机关', 'Issued by', 'text', must),
      column('issuedOn', '发证日期', 'Issued on', 'date', must),
      column('validUntil', '有效期至', 'Valid until', 'date', must),
      column('specialTerms', '特别规定事项', 'Special terms', 'long-text'),
      column('shownAtPremises', '经营场所已公示编号', 'Number shown at the premises', 'yes-no'),
    ],
  },
  company: {
    title: { zh: '公司', en: 'Company' },
    keyField: 'creditCode',
    single: true,
    fields: [
      column('creditCode', '统一社会信用代码', 'Credit code', 'text', { required: true, scheme: 'credit-code' }),
      column('name', '名称', 'Name', 'text', must),
      column('legalRepresentative', '法定代表人', 'Legal representative', 'text', must),
      column('responsiblePerson', '主要负责人', 'Responsible person'),
      column('technicalLead', '技术负责人', 'Technical lead'),
      column('registeredAddress', '注册地址', 'Registered address', 'text', must),
      column('officeAddress', '经营地址', 'Office address'),
      column('capitalCny', '注册资本（元）', 'Registered capital (CNY)', 'number', must),
      column('foundedOn', '成立日期', 'Founded on', 'date'),
      column('contact', '联系人', 'Contact'),
      column('emergencyPhone', '24小时应急电话', '24 h phone'),
      column('website', '网址', 'Website'),
      column('foreignInvested', '外商投资', 'Foreign-invested', 'yes-no'),
      column('onDishonestyList', '列入失信名单', 'On the dishonesty list', 'yes-no'),
      column('addressChangedOn', '地址或联系方式变更日期', 'Address or contact changed on', 'date'),
      column('allocatorToldOn', '已告知码号分配机关日期', 'Number allocator told on', 'date'),
    ],
  },
  shareholders: {
    title: { zh: '股权结构', en: 'Shareholders' },
    keyField: 'name',
    fields: [
      column('name', '股东', 'Shareholder', 'text', must),
      column('sharePercent', '持股比例（%）', 'Share (%)', 'number', must),
      column('kind', '性质', 'Kind', 'choice', {
        required: true,
        choices: {
          person: ['自然人', 'Person'],
          company: ['境内法人', 'Domestic company'],
          state: ['国有', 'State'],
          foreign: ['外资', 'Foreign'],
        },
      }),
      column('of', '持有对象（空白为本公司）', 'Holds shares of (blank: this company)'),
    ],
  },
  sites: {
    title: { zh: '场地与机房', en: 'Sites and rooms' },
    keyField: 'siteId',
    fields: [
      column('siteId', '场地编号', 'Site', 'text', must),
      column('name', '名称', 'Name', 'text', must),
      column('kind', '用途', 'Use', 'choice', {
        required: true,
        choices: {
          'machine-room': ['机房', 'Machine room'],
          'seat-hall': ['坐席场地', 'Seat hall'],
          office: ['办公', 'Office'],
          remote: ['远程', 'Remote'],
        },
      }),
      column('address', '地址', 'Address', 'text', must),
      provinceColumn('province', '省份', 'Province', 'choice', true),
      cityColumn('city'),
      column('areaM2', '面积（m²）', 'Area (m²)', 'number'),
      column('tenure', '权属', 'Tenure', 'choice', {
        choices: { owned: ['自有', 'Owned'], leased: ['租赁', 'Leased'], hosted: ['托管', 'Hosted'] },
      }),
      column('leaseUntil', '租期至', 'Lease until', 'date'),
      column('networks', '网段', 'Networks', 'list'),
      column('internetExit', '互联网出口', 'Internet exit'),
      column('bandwidthMbps', '出口带宽（Mbit/s）', 'Bandwidth (Mbit/s)', 'number'),
    ],
  },
  clients: {
    title: { zh: '委托单位与合同', en: 'Client units and contracts' },
    keyField: 'clientId',
    fields: [
      column('clientId', '委托单位编号', 'Client', 'text', must),
      column('name', '名称', 'Name', 'text', must),
      column('creditCode', '统一社会信用代码', 'Credit code', 'text', { scheme: 'credit-code' }),
      column('business', '业务种类', 'Business', 'text', must),
      column('contractNumber', '合同号', 'Contract', 'text', must),
      column('contractFrom', '合同起', 'From', 'date', must),
      column('contractUntil', '合同止', 'Until', 'date', must),
      column('numbers', '服务号码', 'Served on numbers', 'list'),
      column('seatsLeased', '出租座席数', 'Seats leased', 'integer'),
      column('businessLicenceOnFile', '营业执照存档', 'Business licence on file', 'yes-no'),
      column('processingAgreementOnFile', '个人信息委托处理协议', 'Data-processing agreement', 'yes-no'),
      column('state', '状态', 'State', 'choice', { required: true, choices: { active: ['履行中', 'Active'], ended: ['已终止', 'Ended'] } }),
    ],
  },
  penalties: {
    title: { zh: '行政处罚', en: 'Penalties' },
    keyField: 'decision',
    fields: [
      column('decision', '决定书文号', 'Decision', 'text', must),
      column('on', '日期', 'Date', 'date', must),
      column('authority', '机关', 'Authority', 'text', must),
      column('matter', '事由', 'Matter', 'long-text', must),
      column('corrected', '整改情况', 'Correction', 'long-text'),
    ],
  },
} as const satisfies Record<string, Register>;
