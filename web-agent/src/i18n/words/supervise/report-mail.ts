/** What the form of a mailed report says about when it goes out and what is in it. */
export const reportMail = {
  zh: {
    atHint: '当天已过此时间的，保存后即发送当天的一次。',
    noLinks: '站点未设置访问地址（WEB_ORIGIN），邮件不含链接，只提示登录查看。附件按收件人发送时的数据范围分别生成。',
  },
  en: {
    atHint: 'If this time has passed today, the mail of today goes out once it is saved.',
    noLinks:
      'The site has not named its address (WEB_ORIGIN): the mail has no link and only says where to look. A file is made for each recipient, within their scope at that time.',
  },
};
