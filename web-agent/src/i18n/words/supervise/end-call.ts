/** Words for a supervisor who ends a call. */
export const endCall = {
  zh: {
    open: '结束通话',
    title: '结束这通电话',
    text: '双方的通话都会结束。来电者会听到一句结束语，坐席会看到您的姓名和理由。',
    reason: '理由（至少 3 个字；坐席可见，记入通话记录和审计日志）',
    next: '下一步',
    sure: '确认结束？此操作不能撤销。',
    summary: '{{caller}}，坐席 {{agent}}，理由：{{reason}}',
    noAgent: '无',
    back: '上一步',
    now: '立即结束',
    emergency: '紧急通话，班长不能结束',
  },
  en: {
    open: 'End the call',
    title: 'End this call',
    text: 'The call ends for both sides. The caller hears one closing sentence; the agent reads your name and the reason.',
    reason: 'Reason (at least 3 characters; the agent reads it; it is in the record of the call and in the audit log)',
    next: 'Next',
    sure: 'End the call? This cannot be undone.',
    summary: '{{caller}}, agent {{agent}}, reason: {{reason}}',
    noAgent: 'none',
    back: 'Back',
    now: 'End it now',
    emergency: 'Emergency call: a supervisor cannot end it',
  },
};
