/** Words for the agent's own calls of the day, and for the people to whom calls are often handed. */
export const myCalls = {
  zh: {
    title: '今日通话',
    none: '今天还没有通话。通话结束后会列在这里，可从这里回拨。',
    all: '显示今天的全部通话',
    cut: '只列出最近 {{count}} 通。',
    inbound: '呼入',
    outbound: '呼出',
    talk: '通话时长',
    back: '回拨',
    backLabel: '回拨 {{who}}（{{time}} 的通话）',
    favourite: '常用：{{name}}',
  },
  en: {
    title: 'Calls of today',
    none: 'No calls today yet. A call appears here after it ends, and you can call back from here.',
    all: 'Show all of today',
    cut: 'Only the newest {{count}} are listed.',
    inbound: 'In',
    outbound: 'Out',
    talk: 'Talk time',
    back: 'Call back',
    backLabel: 'Call back {{who}} (call at {{time}})',
    favourite: 'Favourite: {{name}}',
  },
};
