import type { Worksheet } from '../shared/contracts/workspace.js';

/** A script and results for the demo queue, as a starting point for people to change. */
export const demoWorksheet: Worksheet = {
  queueId: 'service',
  script: {
    'zh-CN':
      '1. 问候并报出单位名称。\n2. 确认客户要办理的事项，复述一遍。\n3. 给出答复或说明何时答复。\n4. 询问是否还有其他问题，感谢来电。',
    en: '1. Greet the caller and name the company.\n2. Repeat what the customer wants.\n3. Answer, or say when the answer will come.\n4. Ask whether there is anything else, and thank the caller.',
  },
  fields: [
    { id: 'order-number', label: { 'zh-CN': '订单号', en: 'Order number' }, kind: 'text', choices: [], required: false, sensitive: false },
    {
      id: 'identity-number',
      label: { 'zh-CN': '证件号码', en: 'Identity number' },
      kind: 'text',
      choices: [],
      required: false,
      sensitive: true,
    },
    {
      id: 'channel',
      label: { 'zh-CN': '购买渠道', en: 'Bought through' },
      kind: 'choice',
      choices: ['App', 'Web', '门店 / Shop'],
      required: false,
      sensitive: false,
    },
  ],
  dispositions: [
    {
      code: 'enquiry',
      name: { 'zh-CN': '咨询', en: 'Enquiry' },
      children: [
        { code: 'product', name: { 'zh-CN': '产品与价格', en: 'Product and price' }, children: [] },
        { code: 'order-status', name: { 'zh-CN': '订单进度', en: 'Order status' }, children: [] },
        { code: 'invoice', name: { 'zh-CN': '发票', en: 'Invoice' }, children: [] },
      ],
    },
    {
      code: 'after-sales',
      name: { 'zh-CN': '售后', en: 'After sales' },
      children: [
        { code: 'return', name: { 'zh-CN': '退换货', en: 'Return or exchange' }, children: [] },
        { code: 'repair', name: { 'zh-CN': '维修', en: 'Repair' }, children: [] },
      ],
    },
    { code: 'complaint', name: { 'zh-CN': '投诉', en: 'Complaint' }, children: [] },
    { code: 'no-business', name: { 'zh-CN': '打错或无声', en: 'Wrong number or silence' }, children: [] },
  ],
};
