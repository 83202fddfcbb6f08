/** Numbers on no register that an agent with that right dials during a call. */
export const freeDial = {
  zh: {
    right: '个人权限',
    rights: { outbound: { 'free-dial': '通话中自由拨号' } },
    rightHint:
      '默认不授予；由另一位管理员批准后生效，收回立即生效。获授权者可在通话中咨询、转接或邀请台账外的号码，每次须写明原因；授予、收回和每次使用都记入审计日志。',
    title: '台账外号码',
    text: '该号码不在“外部转接目的地”台账中。请写明原因（4 至 200 字）再拨；号码、原因和您的姓名将记入通话记录、外呼记录和审计日志。',
    reason: '拨打原因',
    reasonHint: '如：客户请其律师一同通话',
    tag: '台账外',
  },
  en: {
    right: 'Personal rights',
    rights: { outbound: { 'free-dial': 'Free dialling in a call' } },
    rightHint:
      'Nobody has it by default. Granting it takes effect once another administrator has approved it; withdrawing it takes effect at once. It allows consulting, transferring to or inviting a number that is not on the register, each time with a reason. The audit log has each grant, each withdrawal and each use.',
    title: 'Number not on the register',
    text: 'This number is not on the register of destinations. Write why you dial it (4 to 200 characters). The call record, the attempts and the audit log keep the number, your reason and your name.',
    reason: 'Reason',
    reasonHint: 'For example: the customer asks for their lawyer to join',
    tag: 'on no register',
  },
};
