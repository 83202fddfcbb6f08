/** Words of bulk exports and of the security settings. */
export const exportWords = {
  zh: {
    title: '批量导出',
    why: '批量导出须由第二人批准。批准后 24 小时内可由申请人下载；每一步都写入审计日志。',
    ask: '申请导出',
    send: '提交申请',
    empty: '还没有导出申请。',
    kind: '内容',
    time: '时间范围',
    rows: '记录数',
    queue: '队列编号（可不填）',
    most: '最多 {{count}} 条',
    askedBy: '申请人',
    state: '状态',
    approve: '批准',
    refuse: '拒绝',
    states: { waiting: '等待批准', refused: '已拒绝', approved: '已批准', over: '已过期' },
  },
  en: {
    title: 'Bulk exports',
    why: 'A bulk export needs the approval of a second person. The person who asked may then take it within 24 hours; each step stands in the audit trail.',
    ask: 'Ask for an export',
    send: 'Ask',
    empty: 'Nobody has asked for an export yet.',
    kind: 'Content',
    time: 'Time',
    rows: 'Rows',
    queue: 'Queue (may be empty)',
    most: '{{count}} at most',
    askedBy: 'Asked by',
    state: 'State',
    approve: 'Approve',
    refuse: 'Refuse',
    states: { waiting: 'Waits for approval', refused: 'Refused', approved: 'Approved', over: 'Over' },
  },
};

export const securityWords = {
  zh: {
    title: '登录安全',
    sites: '限定场地（登记编号）',
    sitesHint: '填写后只能看到在这些场地受理的号码及其委托单位。',
    toSeparate: '{{names}} 同时是系统管理员和安全管理员',
    toSeparateHow:
      '请为第二个人新增账号并授予“安全管理员”，由其登录后取消首个账号的该角色。两个角色由不同的人担任，任何人都不能既操作又决定权限。',
    networks: '允许登录的网络',
    lockOut: '未保存：按此设置，您自己将无法从当前地址 {{address}} 登录。请把包含它的网段加入您的角色。',
    networksWhy: '为角色填写网段（如 10.0.0.0/8）后，该角色只能从这些网段登录；不填则不限制。您当前的地址：{{address}}。',
    anywhere: '不限制',
    keys: '访问令牌密钥',
    keysWhy: '在服务器上运行 npm run keys -- --rotate-token 更换密钥；无人会被退出登录。',
    keySigns: '用于签发',
    keyBelieved: '仍被接受',
  },
  en: {
    title: 'Sign-in security',
    sites: 'Only these sites',
    sitesHint: 'Then only numbers that are served at these sites, and their client units, are seen.',
    toSeparate: '{{names}} is system administrator and security administrator at once',
    toSeparateHow:
      'Add an account for a second person with the role security administrator; that person then signs in and takes the role away from the first account. Nobody both runs the system and decides who may.',
    networks: 'Networks that may sign in',
    lockOut:
      'Nothing was saved: you could no longer sign in from your own address, {{address}}. Give your role a network that contains it.',
    networksWhy:
      'A role with networks (such as 10.0.0.0/8) signs in from these alone; without any, from anywhere. Your address is {{address}}.',
    anywhere: 'From anywhere',
    keys: 'Keys of access tokens',
    keysWhy: 'Run npm run keys -- --rotate-token on the server for a new key; nobody is signed out.',
    keySigns: 'signs',
    keyBelieved: 'still believed',
  },
};
