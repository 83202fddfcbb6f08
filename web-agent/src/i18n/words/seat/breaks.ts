/** Words for breaks with their reasons and limits. */
export const breaks = {
  zh: {
    choose: '选择小休原因',
    limit: '{{minutes}} 分钟',
    noLimit: '不限时',
    until: '至 {{time}}',
    over: '已超时 {{time}}',
  },
  en: {
    choose: 'Choose the reason for the break',
    limit: '{{minutes}} min',
    noLimit: 'no limit',
    until: 'until {{time}}',
    over: 'over by {{time}}',
  },
};
