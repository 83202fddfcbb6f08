/** Words for the page of the person's own account. */
export const account = {
  zh: {
    totp: {
      title: '动态验证码（第二因素）',
      why: '登录时除密码外再输入手机验证器中的六位数字。除坐席员外都必须设置。',
      begin: '开始设置',
      scan: '用手机验证器扫描此二维码，然后输入显示的六位数字。',
      copyUri: '无法扫描？复制设置地址',
      orKey: '或在验证器中手工输入密钥：',
      confirm: '确认',
      done: '验证器已设置。',
      recovery: '以下恢复码只显示这一次，手机丢失时每个可用一次。请妥善保存。',
      kept: '已保存',
      on: '验证器已设置。',
      renew: '更换手机',
      renewWhy: '输入密码和当前验证码（或一个恢复码）后，原验证器即失效，再设置新手机。手机和恢复码都没有时，请联系管理员重置。',
      renewed: '原验证器已移除，请设置新的验证器。',
    },
    notices: {
      title: '您的账号有变更',
      seen: '知道了',
      refuse: '拒绝变更',
      done: {
        roles: '您的角色已变更（申请人：{{by}}）。',
        reset: '您的密码或验证器已被重置（申请人：{{by}}）。如非您本人要求，请立即联系另一位管理员。',
        grants: '您的个人权限已变更（申请人：{{by}}）。如非您本人需要，请联系另一位管理员收回。',
        confirm: '您的账号已确认，可以批准他人的申请。',
      },
      asked: {
        roles: '{{by}} 申请变更您的角色，待另一位管理员批准。',
        reset: '{{by}} 申请重置您的密码或验证器，待另一位管理员批准。如非您本人要求，请拒绝。',
        grants: '{{by}} 申请授予您个人权限，待另一位管理员批准。如不需要，请拒绝。',
        confirm: '您的账号待另一位管理员确认；确认前不能批准他人的申请。',
      },
    },
    team: '班组：{{team}}',
    sessions: { title: '我的登录', since: '登录于', used: '最近使用', this: '本机', end: '结束', ended: '该登录已结束。' },
  },
  en: {
    totp: {
      title: 'Authenticator (second factor)',
      why: 'Sign-in then asks for six digits from your authenticator as well as the password. Everybody except agents must have one.',
      begin: 'Set it up',
      scan: 'Scan this code with your authenticator, then enter the six digits that it shows.',
      copyUri: 'Cannot scan? Copy the set-up address',
      orKey: 'Or type this key into the authenticator:',
      confirm: 'Confirm',
      done: 'The authenticator is set up.',
      recovery: 'These recovery codes are shown only once. Each works once, if you lose your phone. Keep them safe.',
      kept: 'I have kept them',
      on: 'The authenticator is set up.',
      renew: 'New telephone',
      renewWhy:
        'Your password and a code (or a recovery code) remove the current authenticator; then set up the new phone. Without a phone and recovery codes, ask an administrator to reset it.',
      renewed: 'The authenticator was removed. Please set up the new one.',
    },
    notices: {
      title: 'Your account was changed',
      seen: 'I have read this',
      refuse: 'Refuse it',
      done: {
        roles: 'Your roles were changed (asked for by {{by}}).',
        reset:
          'Your password or authenticator was reset (asked for by {{by}}). If you did not want this, tell another administrator at once.',
        grants: 'You were given a personal right (asked for by {{by}}). If you do not need it, ask another administrator to take it away.',
        confirm: 'Your account was confirmed: you may approve what others ask for.',
      },
      asked: {
        roles: '{{by}} asks to change your roles; another administrator has to approve it.',
        reset:
          '{{by}} asks to reset your password or authenticator; another administrator has to approve it. If you do not want this, refuse it.',
        grants: '{{by}} asks to give you a personal right; another administrator has to approve it. If you do not need it, refuse it.',
        confirm: 'Your account waits for the confirmation of another administrator; until then you cannot approve anything.',
      },
    },
    team: 'Team: {{team}}',
    sessions: { title: 'My sign-ins', since: 'Since', used: 'Last used', this: 'This one', end: 'End', ended: 'That sign-in was ended.' },
  },
};
