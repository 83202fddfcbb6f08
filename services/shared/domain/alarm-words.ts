import type { AlarmCode, AlarmLevel } from './alarm.js';
import type { Words } from './language.js';

/** The text of an alarm: its name, its meaning, and what to do about it. */
export interface AlarmWords {
  readonly title: Words;
  readonly means: Words;
  readonly todo: Words;
}

const words = (
  [titleZh, title]: readonly [string, string],
  [meansZh, means]: readonly [string, string],
  [todoZh, todo]: readonly [string, string],
): AlarmWords => ({ title: { zh: titleZh, en: title }, means: { zh: meansZh, en: means }, todo: { zh: todoZh, en: todo } });

export const alarmLevelWords: Readonly<Record<AlarmLevel, Words>> = {
  info: { zh: '提示', en: 'Information' },
  warning: { zh: '预警', en: 'Warning' },
  alarm: { zh: '告警', en: 'Alarm' },
  critical: { zh: '紧急', en: 'Critical' },
};

export const alarmWords: Readonly<Record<AlarmCode, AlarmWords>> = {
  'alarm-not-sent': words(
    ['告警未能送达', 'An alarm could not be sent'],
    [
      '邮件、短信或群机器人没有接收某条告警，且已不再重试。页面上的告警不受影响。',
      'A mail server, SMS gateway or robot did not accept an alarm, and it is not tried again. The alarm on the pages is not affected.',
    ],
    [
      '核对告警设置中的联系方式，以及 SMTP、短信网关、机器人的配置，然后清除此告警。',
      'Check the contacts in the alarm settings and the settings of SMTP, SMS gateway and robots; then clear this alarm.',
    ],
  ),
  'audit-chain-broken': words(
    ['审计日志链断裂', 'The audit log was changed or cut'],
    [
      '每日校验发现审计日志被改动或缺失，其内容不再可信。',
      'The daily check found rows of the audit log changed or missing. The log can no longer be relied on.',
    ],
    [
      '查明之前请勿重启任何服务；在“审计日志”页面查看断裂位置，封存数据库，并上报安全负责人。',
      'Do not restart anything until this has been examined. See the page Audit for the place, preserve the database, and report it to whoever is responsible for security.',
    ],
  ),
  'backup-missing': words(
    ['缺少可用的备份', 'A good backup is missing'],
    [
      '每晚的备份失败，或最近一份完好备份已超过 36 小时，或已不在备份目录中。此时磁盘损坏会丢失之后的数据。',
      'The backup of a night failed, or the last good one is older than 36 hours or no longer in its folder. What came after it would be lost with the disk.',
    ],
    [
      '在“系统状态”中查看原因，检查备份目录、磁盘空间和权限，然后运行 npm run backup 验证。夜间备份每五分钟重试一次，成功后告警自动清除。',
      'See the reason under System status, check the folder of the backups, its room and its rights, and try npm run backup. The nightly one is tried again every five minutes; the alarm is cleared when it succeeds.',
    ],
  ),
  'break-over-limit': words(
    ['小休超时', 'A break has passed its limit'],
    ['坐席小休时间超过该小休原因设定的时限，仍未恢复就绪。', 'An agent has been on a break for longer than its reason allows.'],
    [
      '联系该坐席；确需时可在“坐席监控”中更改其状态。坐席结束小休后告警自动清除。',
      'Ask the agent, and change the state on the agents page if needed. The alarm is cleared when the break ends.',
    ],
  ),
  'calendar-missing': words(
    ['缺少工作日历', 'A working calendar is missing'],
    [
      '按工作日计算的投诉时限和到期事项将跨入没有放假安排的年份；在录入之前，该年的周一至周五均按工作日计算，时限只会偏短。',
      'Deadlines in working days will run into a year whose holidays are not entered. Until they are, every weekday of that year counts, which can only make a deadline shorter, never longer.',
    ],
    [
      '国务院办公厅公布放假安排后，在“投诉处理 → 时限与工作日历”中录入。录入后告警自动清除。',
      'Enter it on the page Complaints, under Deadlines and calendar, when the holidays are published. The alarm is then cleared.',
    ],
  ),
  'call-quality': words(
    ['通话音质差', 'The audio of a call is poor'],
    [
      '某队列至少有一通通话，其一个方向的 MOS 连续 15 秒低于 3.6（E-model 估算）。同一队列的多通通话只产生一条告警。',
      'In a queue, one direction of at least one call has been below MOS 3.6 for 15 seconds (estimate of the E-model). Several calls of a queue are one alarm.',
    ],
    [
      '打开该通话的页面，看是哪个方向、在哪里测得：坐席浏览器处差，检查坐席的网络；媒体网关处差，检查运营商线路或来电者一侧。音质恢复 15 秒后告警自动清除。',
      "Open the page of the call and see which direction is poor and where it was measured. At the agent's browser: check the agent's network. At the media relay: check the carrier's line. The alarm is cleared when the audio has been good for 15 seconds.",
    ],
  ),
  'campaign-complaints': words(
    ['外呼任务因投诉率过高已暂停', 'A campaign was paused: too many people complain'],
    [
      '在该任务接通的用户中，就这些通话提出投诉的比例超过了任务设定的上限。系统已暂停该任务：不再拨出，正在拨号的已取消。告警写明任务、投诉率与上限。',
      'Of the people whom the campaign reached, more complained about these calls than it allows. The campaign is paused: no more calls are dialled, and those being dialled were cancelled. The alarm names the campaign, the rate and the rule.',
    ],
    [
      '查看这些投诉，抽听所涉通话，核对同意凭证、用途与话术；查明原因后，在“外呼管理—外呼任务”填写理由继续，或终止任务，然后清除此告警。',
      'Read these complaints, listen to their calls, check consents, purpose and script. Once the cause is known, resume the campaign with a reason or stop it for good under Calling out, Campaigns; then clear this alarm.',
    ],
  ),
  'campaign-refusals': words(
    ['外呼任务因拒绝率过高已暂停', 'A campaign was paused: too many people refuse'],
    [
      '在该任务接通的用户中，按键拒绝再来电的比例超过了任务设定的上限。系统已暂停该任务：不再拨出，正在拨号的已取消。',
      'Of the people whom the campaign reached, more refused further calls by digit than it allows. The campaign is paused: no more calls are dialled, and those being dialled were cancelled.',
    ],
    [
      '在“外呼管理—外呼任务”查看结果，抽听录音，核对同意凭证与话术；查明原因后再继续或终止任务，然后清除此告警。',
      'See its rows under Calling out, Campaigns; listen to some calls, check the consents and the script. Once the reason is known, resume it or stop it for good; then clear this alarm.',
    ],
  ),
  'clock-drift': words(
    ['时钟偏差超限', 'Clocks are apart'],
    [
      '机器、存储或时间服务器之间的时间差超过限值，通话记录与录音的时间可能不准。',
      'Clocks of machines, stores or time servers differ by more than the limit. Times of calls and recordings may be wrong.',
    ],
    [
      '检查该机器的时间同步（NTP）。偏差恢复后告警自动清除。',
      'Check time synchronisation (NTP) of that machine. The alarm is cleared when the clocks agree.',
    ],
  ),
  'complaint-due-soon': words(
    ['投诉即将到期', 'A complaint is due soon'],
    [
      '投诉已过内部目标时限，尚未答复，距答复期限不远。',
      'A complaint is past its internal target and has no answer yet; its deadline is near.',
    ],
    ['打开该投诉并尽快答复。答复后告警自动清除。', 'Open the case and answer it. The alarm is cleared with the answer.'],
  ),
  'complaint-mail-failed': words(
    ['投诉邮件无法受理', 'A complaint mail could not be read'],
    [
      '一封投诉邮件多次处理失败，已移入 failed 目录，尚未登记为投诉。',
      'A mail could not be turned into a case after several attempts and is in the folder `failed`. No case was opened for it.',
    ],
    [
      '请系统管理员取出该邮件，人工登记投诉，收到日期按邮件日期填写，然后清除此告警。',
      'Have the administrator fetch the mail, open the case by hand with the date of the mail, then clear this alarm.',
    ],
  ),
  'complaint-overdue': words(
    ['投诉超过答复期限', 'A complaint is past its deadline'],
    ['投诉在规定期限内没有答复，已构成超期。', 'A complaint was not answered within the time that the rules allow.'],
    [
      '立即答复，并记录超期原因。答复后告警自动清除。',
      'Answer it at once and write down why it is late. The alarm is cleared with the answer.',
    ],
  ),
  'duty-overdue': words(
    ['合规事项逾期', 'Duties are overdue'],
    [
      '“合规自查”中有事项已过期限，例如许可证、年报或备案。',
      'Duties on the page Readiness are past their due date: a licence, an annual report, a filing.',
    ],
    [
      '在“合规自查”页面逐项处理。全部处理后告警自动清除。',
      'Work through them on the page Readiness. The alarm is cleared when none is overdue.',
    ],
  ),
  'duty-urgent': words(
    ['合规事项即将到期', 'Duties are due soon'],
    ['“合规自查”中有事项即将到期。', 'Duties on the page Readiness are due soon.'],
    ['在“合规自查”页面安排办理。处理后告警自动清除。', 'Plan them on the page Readiness. The alarm is cleared when none is urgent.'],
  ),
  'event-set-aside': words(
    ['事件无法处理', 'An event cannot be handled'],
    [
      '系统某部分反复处理同一事件失败，该通话或坐席的后续事件也在等待，相关记录可能滞后。',
      'A component keeps failing on one event. Later events for that call or seat wait as well, and records may be late.',
    ],
    [
      '请技术人员运行 npm run events -- --set-aside 查看明细，排除原因后重放。处理完毕后告警自动清除。',
      'Have an engineer list it with npm run events -- --set-aside, remove the cause and replay it. The alarm is cleared when nothing waits.',
    ],
  ),
  'figure-alarm': words(
    ['指标达到告警阈值', 'A figure has passed its alarm threshold'],
    [
      '某项实时指标在设定的持续时间内一直超过告警阈值。测试呼叫不计入指标。',
      'A live figure has been beyond its alarm limit for as long as the threshold requires. Test calls do not count.',
    ],
    [
      '打开大屏看板查看该范围的排队与坐席情况，必要时调整坐席状态、技能或溢出方式。指标回到解除值后告警自动清除。',
      'See the wallboard for who waits and who is there, and change states, skills or the overflow where needed. The alarm is cleared when the figure reaches its clear level.',
    ],
  ),
  'figure-warning': words(
    ['指标达到预警阈值', 'A figure has passed its warning threshold'],
    [
      '某项实时指标在设定的持续时间内一直超过预警阈值，尚未达到告警阈值。测试呼叫不计入指标。',
      'A live figure has been beyond its warning limit, but not its alarm limit, for as long as the threshold requires. Test calls do not count.',
    ],
    [
      '关注大屏看板上该指标的变化。指标回到解除值后预警自动清除；达到告警阈值时改为告警。',
      'Watch the figure on the wallboard. The warning is cleared when the figure reaches its clear level, and the alarm replaces it when that limit is passed.',
    ],
  ),
  'figures-differ': words(
    ['排队记录与通话记录不一致', 'Visits and records of calls differ'],
    [
      '核对发现某日的排队记录与通话记录不一致、有来电未计入任何结果，或已存汇总大于其明细，当日报表存疑。',
      'A check found visits to queues that differ from the records of their calls, visits that no outcome counts, or stored sums above their rows. The figures of that day are in question.',
    ],
    [
      '请技术人员核对当日数据；查明之前请勿对外报送该日统计，然后清除此告警。',
      'Have an engineer compare that day; do not report its figures until then. Then clear this alarm.',
    ],
  ),
  'filing-differences': words(
    ['现状与备案不一致', 'The site differs from its filing'],
    ['系统实际情况与最近一次备案内容存在差异。', 'The running system differs from the last filing.'],
    [
      '在“合规自查”页面查看差异，更正系统或办理变更备案。差异消除后告警自动清除。',
      'See the differences on the page Readiness; correct the system or file the change. The alarm is cleared when none is left.',
    ],
  ),
  'fraud-pattern': words(
    ['呼叫异常', 'Unusual calls'],
    [
      '外呼或来话出现异常模式，可能涉及骚扰、盗打或违规使用；按规则可能已自动停止外呼。',
      'Calls follow a pattern of nuisance, fraud or misuse. The rules may have stopped outbound calls.',
    ],
    [
      '在“外呼管理”的异常监测中核实并填写处理结论。填写后告警自动清除。',
      'Examine it under Calling out, Fraud watch, and record the finding. This clears the alarm.',
    ],
  ),
  'legal-hold-not-set': words(
    ['存储未设置法律保留', 'The store did not accept a legal hold'],
    [
      '一份须保留的录音在对象存储中未能锁定。系统不会删除该录音，但存储侧尚未防删。',
      'A recording that is to be held is not yet held in the object store. The product does not delete it, but the store would let others delete it.',
    ],
    [
      '检查对象存储的法律保留功能和权限，重新设置保留，然后清除此告警。',
      'Check legal hold and the rights at the object store, set the hold again, then clear this alarm.',
    ],
  ),
  'many-look-ups': words(
    ['大量查看完整号码或客户资料', 'One person saw many full numbers or customers'],
    [
      '一名员工一小时内查看或查询完整号码、客户资料超过限额，可能存在信息泄露。',
      'One person asked for more full numbers or customers within an hour than the limit. Personal data may be leaking.',
    ],
    [
      '在“审计日志”核对其操作并向本人核实，必要时停用账号，然后清除此告警并说明结论。',
      'Check what the person did in the audit log and ask the person; disable the account if necessary. Then clear this alarm and say what it was.',
    ],
  ),
  'object-lock-broken': words(
    ['录音存储锁定失效', 'The lock of the recording store does not hold'],
    [
      '对象存储允许删除或更改已锁定的对象，录音防篡改不再有保证。',
      'The object store let a locked object be removed or changed: recordings are no longer protected from change.',
    ],
    [
      '请存储管理员检查对象锁定与保留设置。下次夜间检验通过后告警自动清除。',
      'Have the store checked (Object Lock, retention). The alarm is cleared when the nightly check passes.',
    ],
  ),
  'part-down': words(
    ['系统部件没有应答', 'A part of the system does not answer'],
    [
      '电话、录音、混音、排队分配进程，文档库、对象存储或媒体网关已超过 20 秒没有应答。本系统的进程停止后会自动重启，因此多半不会自行恢复；呼叫或录音可能受影响。',
      'Telephony, the recorder, the mixer, routing, the document store, the object store or a media relay has given no answer for 20 s. A process of this product that stops is started again by itself, so this part will hardly come back alone. Calls or recordings may suffer.',
    ],
    [
      '告警内容写明是哪个部件。到其所在主机查看进程是否在运行、磁盘与网络是否正常，并查看日志；需要时重启该部件。恢复应答后告警自动清除。',
      'The alarm names the part. On its machine, see whether the process runs, whether disk and network are well, and what its log says; start the part again if need be. The alarm is cleared when the part answers.',
    ],
  ),
  'recording-damaged': words(
    ['录音损坏', 'A recording is damaged'],
    ['读取时发现录音与存入时的校验值不一致。', 'A recording that was read does not have the hash with which it was stored.'],
    [
      '在“录音保管”查看，从备份恢复该对象，查明原因后清除此告警。',
      'See Keeping of recordings, restore the object from a copy, find the cause, then clear this alarm.',
    ],
  ),
  'recording-missing': words(
    ['录音缺失', 'A recording is missing'],
    ['录音对象已不在存储中，但没有按规则删除的记录。', 'The object of a recording is gone from the store, and no rule deleted it.'],
    [
      '查明何人何时删除，从备份恢复，并记录结论后清除此告警。',
      'Find out who removed it and when, restore it from a copy, then clear this alarm and say what it was.',
    ],
  ),
  'recording-truncated': words(
    ['录音被截断', 'A recording is cut short'],
    ['存储中的录音比存入时短。', 'A stored recording is shorter than it was when it was stored.'],
    [
      '从备份恢复该对象，检查存储磁盘，然后清除此告警。',
      'Restore the object from a copy and check the disks of the store, then clear this alarm.',
    ],
  ),
  'relay-alone': words(
    ['成对媒体网关缺少一台', 'A media relay has lost its stand-in'],
    [
      '成对部署的两台媒体网关中有一台已超过 20 秒没有应答。通话继续进行，但另一台再出故障时将无人接替。',
      'One of the two machines of a relay pair has given no answer for 20 s. Calls go on, but nothing would replace the other machine.',
    ],
    [
      '到告警写明的主机上恢复 rtpengine 与 keepalived；通话不受影响，可随时进行。恢复应答后告警自动清除。',
      'Bring rtpengine and keepalived back on the machine that the alarm names; that disturbs no call, so it can be done at once. The alarm is cleared when the machine answers.',
    ],
  ),
  'report-not-sent': words(
    ['报表邮件未能发送', 'A report was not mailed'],
    [
      '定时发送的报表未能发给全部收件人：收件人或报表保存人的权限已终止、没有邮箱、报表无法生成，或邮件服务器拒收。',
      'A report did not reach all of its receivers: the right of a receiver or of its owner has ended, an address is missing, the file could not be created, or the mail server refused it.',
    ],
    [
      '由报表保存人在“运营报表 → 已保存的报表”中查看未发送的收件人并更正；保存人已离岗的，由他人重新保存该报表。然后清除此告警。',
      'Its owner sees on the page Reports, under Saved reports, who did not get it and why; if the owner has left, somebody else has to save the report again. Then clear this alarm.',
    ],
  ),
  'row-damaged': words(
    ['数据记录损坏', 'A stored row is damaged'],
    [
      '数据库中有一条记录不符合其格式。该记录被跳过，其余照常处理；含有该记录的证据包不会封存。',
      'A stored row does not match its schema. It was skipped and the rest continues; no evidence pack is sealed with it.',
    ],
    [
      '请技术人员按记录编号检查并修正，然后清除此告警。',
      'Have an engineer look at the row by its id and correct it, then clear this alarm.',
    ],
  ),
  'sheet-not-witnessed': words(
    ['日结表尚未送外见证', 'A day sheet has no outside witness'],
    [
      '日结表封存超过 24 小时，时间戳机构仍未盖戳，邮件仍未送达见证人，或 HTTPS 见证方仍未回执。',
      'More than 24 hours after it was sealed, a day sheet has not been stamped by the authority, its mail has not been accepted, or the https witness has given no receipt.',
    ],
    [
      '请检查时间戳机构地址（WITNESS_TSA_URLS）、HTTPS 见证方地址（WITNESS_HTTPS_URL）、邮件服务（SMTP_URL）和外网连接；时间戳和回执每 15 分钟重试。',
      'Check the address of the authority (WITNESS_TSA_URLS) and of the witness (WITNESS_HTTPS_URL), the mail server (SMTP_URL) and the connection to the internet. Stamp and receipt are requested again every 15 minutes.',
    ],
  ),
  'sheet-rewritten': words(
    ['日结表与已送外见证的不一致', 'A day sheet differs from the witnessed one'],
    [
      '某日的日结表与当时盖戳、寄出的哈希值不同：封存的数据被改写，或数据库恢复到了另一份备份。',
      'The sheet of a day does not have the hash that was stamped and mailed. What was sealed has been rewritten, or the database was restored to another state.',
    ],
    [
      '请立即保全数据库与对象存储的现状，与见证人留存的邮件核对，并由合规负责人书面记录原因。',
      'Keep the stores as they are, compare them with the mails of the persons outside, and have compliance write down the cause.',
    ],
  ),
  'spool-nearly-full': words(
    ['录音暂存磁盘即将写满', 'The disk for recordings is nearly full'],
    [
      '录音暂存空间不足。写满之前系统将拒绝新来电，以免丢失录音。',
      'Space for recordings that wait for the store is running out. New calls are refused before recordings are lost.',
    ],
    [
      '检查对象存储是否可用，并清理或扩充磁盘。空间恢复后告警自动清除。',
      'Check that the object store accepts recordings, and free or add disk space. The alarm is cleared when there is room.',
    ],
  ),
  'strange-copies': words(
    ['录音端口收到异常数据', "Foreign packets at the recorder's ports"],
    [
      '录音端口收到并非媒体网关发出或未通过密钥校验的数据包，已全部丢弃，未写入录音。',
      'The recorder received packets that the media relay did not send or that fail verification with its key. They were dropped and are in no recording.',
    ],
    [
      '检查机房内网是否有扫描或错误配置的设备，然后清除此告警。',
      'Look for a scan or a misconfigured device in the inner network, then clear this alarm.',
    ],
  ),
  'strange-media': words(
    ['媒体端口收到异常数据', 'Foreign packets at media ports'],
    [
      '通话媒体端口收到并非来自通话方或编码不符的数据包，已丢弃。若某中继主叫无声，通常是其媒体地址与信令不一致。',
      'Media ports received packets from a sender other than their party, or in another codec than agreed. They were dropped. If callers on a trunk cannot be heard, its media comes from another address than it describes.',
    ],
    [
      '查看相关中继的设置，必要时联系运营商，然后清除此告警。',
      'Check the trunk under Numbers and trunks, ask the carrier if need be, then clear this alarm.',
    ],
  ),
  'trunk-down': words(
    ['中继不通', 'A trunk is down'],
    [
      '中继至少有一个对端地址对 OPTIONS 无响应或返回 503，或注册被运营商拒绝。其余地址正常时呼叫自动改走；全部不通时该中继无法呼出，呼入也可能中断。',
      'An address of a trunk gives no answer to OPTIONS or answers 503, or the carrier does not take its registration. Calls go by the other addresses where one is well; where none is, no call leaves by this trunk, and calls may not come in either.',
    ],
    [
      '在“号码与中继”页面查看各地址的状态与变化时间，再联系运营商；呼入受影响时启用备用号码。恢复后告警自动清除。',
      'See the state of each address, and since when, on the page Numbers; then call the carrier. The alarm is cleared when every address answers.',
    ],
  ),
};
