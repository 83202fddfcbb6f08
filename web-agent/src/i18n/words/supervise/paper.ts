/** Words for what is written of a call and what followed from it. */
export const paper = {
  zh: {
    title: '通话小结与后续',
    none: '没有小结。坐席接听后填写的记录、填写项和结果在此显示。',
    noResult: '未提交结果',
    givenAt: '{{time}} 提交',
    writtenAt: '{{time}} 更新',
    complaints: '由此通话登记的投诉',
    callbacks: '由此通话预约的回拨',
    anybody: '队列任一坐席',
    tried: '{{time}} 已拨',
    states: { open: '待回拨', done: '已完成', cancelled: '已取消' },
    showCustomer: '查看客户资料',
    script: {
      campaign: '外呼任务话术 {{name}}',
      seat: '坐席屏幕话术 {{name}}',
      version: '版本 {{id}}（{{since}} 起），{{who}} 屏幕显示于',
    },
  },
  en: {
    title: 'Notes, result and follow-up',
    none: 'No entries yet. Notes, fields and the result appear here once an agent has answered.',
    noResult: 'No result given',
    givenAt: 'given {{time}}',
    writtenAt: 'changed {{time}}',
    complaints: 'Complaints from this call',
    callbacks: 'Callbacks from this call',
    anybody: 'Anybody in the queue',
    tried: 'called {{time}}',
    states: { open: 'To be made', done: 'Done', cancelled: 'Cancelled' },
    showCustomer: 'Show the customer',
    script: {
      campaign: 'Script of the campaign {{name}}',
      seat: 'Script on the screen {{name}}',
      version: 'version {{id}}, in use since {{since}}, shown to {{who}} at',
    },
  },
};

/** Words for the one list of calls and recordings: its filters, its columns, its export. */
export const list = {
  zh: {
    filters: '筛选通话',
    more: '更多条件',
    fewer: '收起条件',
    recordedOnly: '仅看有录音的通话',
    columns: '显示列',
    export: '导出列表',
    csv: 'CSV 文件',
    xlsx: 'Excel 文件',
  },
  en: {
    filters: 'Filter calls',
    more: 'More filters',
    fewer: 'Fewer filters',
    recordedOnly: 'With a recording only',
    columns: 'Columns',
    export: 'Export the list',
    csv: 'As CSV',
    xlsx: 'As Excel',
  },
};
