/** Words for failures that only pages beside the seat meet: forms, sheets, recordings, accounts. */
export const pageFailures = {
  zh: {
    'not-a-sheet': '这个文件不是可以读取的 Excel（.xlsx）或 CSV 表格，没有导入。请另存为其中一种后重试。',
    'file-kind': '不接受这种文件，或文件内容与扩展名不符，没有保存。可以使用 pdf、png、jpg、jpeg、docx、xlsx、zip、ofd、csv 或 txt 文件。',
    'file-empty': '文件是空的，没有保存。请检查后重新选择。',
    'last-administrator': '站点须至少保留一位长期有效、不限范围与网络的系统管理员和安全管理员，没有更改。请先设置另一位。',
    'second-person-needed': '申请人和当事人都不能批准，须由另一位管理员批准。',
    'not-settled': '您的账号尚未确认，或最近被他人更改过，现在还不能批准他人的申请。期满后再试，或请其他同事批准。',
    'approval-needed': '这么多记录须先申请，由第二人批准后才能导出。请在“批量导出”页面申请。',
    'flow-not-sound': '流程有问题，没有上线；来电者听到的不变。请先改正：{{problems}}',
    'overflow-circle': '溢出去向绕成了圈，来电者会一直转不出去，没有保存：{{circle}}。请改其中一个队列的溢出去向。',
    'no-echo-number': '该中继没有填写回声号码，没有呼叫。请先在“号码与中继”中填写运营商的回声号码。',
    'listeners-full': '已有三位班长在此通话中监听、密语或强插，不能再加入。请等其中一位退出后再试。',
    'not-acknowledged': '该坐席尚未有效确认监听规则，按本单位规定不能监听。请其先确认；未确认名单见“监听管理”。',
    'below-legal-minimum': '不符合最低合规要求，未保存。请按页面提示的范围填写。',
    superseded: '另一个路由进程已接管，此指令未执行。通话不受影响，请重试。',
    'recording-damaged': '这份录音与登记的哈希值不符，已停止播放并报警。请联系合规人员。',
    'file-damaged': '这份文件与登记的哈希值不符，没有下载。请联系合规人员。',
    'recording-truncated': '这份录音比存入时短，已被截断；已停止播放并报警。请联系合规人员。',
    'recording-missing': '这份录音已不在存储中，且没有删除记录；已报警。请联系合规人员。',
    'row-damaged': '数据库中有一条记录与其定义不符，操作已停止。请管理员查看系统日志中的记录编号。',
    'roles-apart': '所选角色不能由同一人担任：系统管理员与安全管理员须分开，审计员不能兼任其他角色。',
    'inspector-end': '检查人员账号必须有到期日，最长 90 天。',
    'over-customers': '一小时内查看或查询的客户超过 {{most}} 次，没有显示，并已报警。请稍后再试，或请班长协助。',
    'over-numbers': '一小时内查看或查询的完整号码超过 {{most}} 个，没有显示，并已报警。请稍后再试，或请班长协助。',
    'over-rows': '表格超过 {{most}} 行，没有导入。请分成几份后重试。',
    'over-columns': '表格有一行超过 {{most}} 列，没有导入。请删除多余的列后重试。',
    'over-characters': '表格中的文字超过 {{most}} 字，没有导入。请分成几份后重试。',
    'over-inflated': '文件解压后超过 {{most}} MB，没有导入。请缩小后重试。',
    'over-entries': '压缩文件内超过 {{most}} 个文件，没有导入。请检查是否选错文件。',
    'over-attachments': '邮件的附件超过 {{most}} 个，没有立案。请对方重新发送，或人工登记。',
    'over-pdf-rows': 'PDF 最多 {{most}} 行，没有生成。请选择更长的时段、更少的日期，或导出 XLSX、CSV。',
    'over-pdf-figures': 'PDF 最多 {{most}} 个指标，没有生成。请减少指标，或导出 XLSX、CSV。',
    'over-xlsx-cells': '工作簿最多 {{most}} 个单元格，没有生成。请减少指标或日期，或导出 CSV。',
    'over-list-days': '此列表最多 {{most}} 天。请缩短统计期间。',
    'over-callbacks-of-person': '该来电者正保留排队位置等待回拨，轮到时会自动回拨，无需再安排。',
    'over-daily-days': '按整日统计的指标最多 {{most}} 天。请缩短统计期间，或去掉这些指标。',
    'over-list-rows': '此列表最多 {{most}} 行，所选期间超出。请缩短统计期间。',
    'over-favourites': '常用最多 {{most}} 个，没有添加。请先取消不再使用的一个。',
    'over-traces': '同时最多进行 {{most}} 项信令跟踪，没有开启。请先结束其中一项，或等其到期。',
    'over-saved-reports': '每人最多保存 {{most}} 份报表，没有保存。请先删除不用的报表。',
    'over-time': '读取此文件超过 {{most}} 秒，已停止，没有导入。请缩小或另存后重试。',
    'over-memory': '读取此文件所需内存超过 {{most}} MB，已停止，没有导入。请缩小或另存后重试。',
  },
  en: {
    'not-a-sheet': 'The file is not a readable Excel workbook (.xlsx) or CSV; nothing was imported. Save it as one of them and try again.',
    'file-kind':
      'This type of file is not accepted, or the content does not match the file extension; nothing was saved. Please choose a pdf, png, jpg, jpeg, docx, xlsx, zip, ofd, csv or txt file.',
    'file-empty': 'The file is empty; nothing was saved. Please choose it again.',
    'last-administrator':
      'A system administrator and a security administrator without end, scope or networks must remain; nothing was changed. Please appoint another one first.',
    'second-person-needed': 'The person who asked and the person concerned cannot approve this; another administrator must.',
    'not-settled':
      'Your account has not been confirmed yet, or was recently changed by somebody else, so you cannot approve anything for now. Try again later, or ask a colleague.',
    'approval-needed': 'An export of this many rows needs the approval of a second person. Please request it on the page "Bulk exports".',
    'flow-not-sound': 'The flow has problems and did not go live; callers hear what they heard before. Please correct: {{problems}}',
    'overflow-circle':
      'The overflow goes round in a circle, so callers would never leave it; nothing was saved: {{circle}}. Change where one of them overflows to.',
    'no-echo-number': 'This trunk has no echo number, so nothing was called. Enter the carrier’s under “Numbers and trunks” first.',
    'listeners-full': 'Three supervisors already listen, whisper or have barged in on this call. Try again when one of them has left.',
    'not-acknowledged':
      'This agent has no valid acknowledgement of the listening rule, so nobody may listen. Ask the agent to acknowledge it; "Listening" lists who lacks it.',
    'below-legal-minimum': 'This is below the legal minimum and was not saved. Please choose a higher value.',
    superseded: 'Another routing process has taken over, so this was not carried out. Calls are not affected; try again.',
    'recording-damaged':
      'This recording does not match its registered hash. It is not played, and an alarm was raised. Please tell compliance.',
    'file-damaged': 'This file does not match its registered hash and was not delivered. Please tell compliance.',
    'recording-truncated':
      'This recording is shorter than what was stored. It is not played, and an alarm was raised. Please tell compliance.',
    'recording-missing':
      'This recording is missing from the store and was not deleted by a rule. An alarm was raised. Please tell compliance.',
    'row-damaged': 'A stored record is malformed, so this was stopped. The system log names the record: please tell an administrator.',
    'roles-apart':
      'One person must not hold these roles together: system and security administrator are two people, and an auditor holds no other role.',
    'inspector-end': "An inspector's account must end within 90 days.",
    'over-customers':
      'More than {{most}} customers were opened or searched for within an hour. Nothing is shown, and an alarm was raised. Try again later, or ask a supervisor.',
    'over-numbers':
      'You have viewed or searched for more than {{most}} full numbers within an hour. Nothing was shown, and an alarm was raised. Please try again later.',
    'over-rows': 'The sheet has more than {{most}} rows, so nothing was imported. Please split it and try again.',
    'over-columns': 'A row of the sheet has more than {{most}} columns, so nothing was imported. Please remove the extra columns.',
    'over-characters': 'The sheet has more than {{most}} characters, so nothing was imported. Please split it and try again.',
    'over-inflated': 'Unpacked, the file is larger than {{most}} MB; nothing was imported. Please make it smaller and try again.',
    'over-entries': 'The archive has more than {{most}} files in it; nothing was imported. Please check that it is the right file.',
    'over-attachments':
      'The mail has more than {{most}} attachments; no case was opened. Please ask for it again, or open the case by hand.',
    'over-pdf-rows': 'A PDF has {{most}} rows at most; none was made. Choose a longer interval or fewer days, or export XLSX or CSV.',
    'over-pdf-figures': 'A PDF has {{most}} figures at most; none was made. Choose fewer, or export XLSX or CSV.',
    'over-xlsx-cells': 'A workbook has {{most}} cells at most; none was made. Choose fewer figures or days, or export CSV.',
    'over-callbacks-of-person': 'This caller keeps a place in the queue and is called back automatically. There is nothing to arrange.',
    'over-daily-days': 'Daily figures cover at most {{most}} days. Choose fewer days, or leave those figures out.',
    'over-list-days': 'This list covers at most {{most}} days. Please choose fewer days.',
    'over-list-rows': 'This list has {{most}} rows at most, and these days have more. Please choose fewer days.',
    'over-favourites': 'You can have at most {{most}} favourites; this one was not added. Please remove one first.',
    'over-traces':
      'At most {{most}} traces can be on at a time; this one was not started. Please end one first, or wait until one expires.',
    'over-saved-reports': 'One person can save at most {{most}} reports; nothing was saved. Please remove one first.',
    'over-time':
      'Reading the file took longer than {{most}} seconds and was stopped; nothing was imported. Please make it smaller or save it again.',
    'over-memory':
      'Reading the file needs more than {{most}} MB of memory and was stopped; nothing was imported. Please make it smaller or save it again.',
  },
};
