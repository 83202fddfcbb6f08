import type { Language } from '../supervisor/words.js';
import { isGood, type Check, type Facts, type Finding } from './finding.js';

interface Both {
  readonly en: string;
  readonly zh: string;
}

const names: Readonly<Record<Check, Both>> = {
  ports: { en: 'ports', zh: '端口' },
  disks: { en: 'disks', zh: '磁盘' },
  names: { en: 'names', zh: '域名' },
  servers: { en: 'servers', zh: '服务器' },
  clocks: { en: 'clocks', zh: '时钟' },
  certificates: { en: 'certificates', zh: '证书' },
  witnesses: { en: 'witnesses', zh: '录音佐证' },
  carriers: { en: 'carriers', zh: '运营商' },
};

const sentences: Readonly<Record<Finding['code'], (facts: Facts) => Both>> = {
  'port-free': () => ({ en: 'free', zh: '可用' }),
  'disk-good': ({ freeGb, writeMs }) => ({
    en: `${freeGb} GB free, a write takes ${writeMs} ms`,
    zh: `剩余 ${freeGb} GB，写入耗时 ${writeMs} 毫秒`,
  }),
  'name-found': ({ addresses }) => ({ en: `found: ${addresses}`, zh: `已解析：${addresses}` }),
  'server-answers': ({ roundTripMs }) => ({ en: `answers within ${roundTripMs} ms`, zh: `${roundTripMs} 毫秒内应答` }),
  'clock-right': ({ offsetMs }) => ({ en: `differs by ${offsetMs} ms`, zh: `相差 ${offsetMs} 毫秒` }),
  'certificate-good': ({ days }) => ({ en: `valid for ${days} more days`, zh: `有效期还有 ${days} 天` }),
  'captures-there': () => ({ en: 'captures of the relay can be read and removed', zh: '可读取并清理媒体网关的抓包文件' }),
  'carrier-answers': ({ status, roundTripMs }) => ({
    en: `answers OPTIONS with ${status} within ${roundTripMs} ms`,
    zh: `对 OPTIONS 应答 ${status}，耗时 ${roundTripMs} 毫秒`,
  }),
  'port-taken': ({ variable }) => ({
    en: `Another program uses this port: end that program, or set ${variable} to another port. If Proofline runs here already, stop it for this check.`,
    zh: `该端口已被其他程序占用：请结束该程序，或将 ${variable} 设为其他端口。如 Proofline 已在本机运行，请停止后再检查。`,
  }),
  'port-refused': ({ variable, reason }) => ({
    en: `This user may not use the port (${reason}): give it the right, or set ${variable} to a port above 1023.`,
    zh: `当前用户无权使用该端口（${reason}）：请授予权限，或将 ${variable} 设为 1023 以上的端口。`,
  }),
  'address-not-here': ({ address }) => ({
    en: `This machine does not have the address ${address}: correct the setting, or give the machine the address.`,
    zh: `本机没有地址 ${address}：请更正设置，或为本机配置该地址。`,
  }),
  'folder-not-writable': ({ reason }) => ({
    en: `The folder cannot be written (${reason}): make it, and give it to the user of the service.`,
    zh: `目录无法写入（${reason}）：请创建该目录，并授权给运行服务的用户。`,
  }),
  'disk-small': ({ freeGb, neededGb }) => ({
    en: `Only ${freeGb} GB are free: free ${neededGb} GB at least, or choose another disk.`,
    zh: `仅剩 ${freeGb} GB：请至少腾出 ${neededGb} GB，或改用其他磁盘。`,
  }),
  'disk-slow': ({ writeMs, limitMs }) => ({
    en: `A write takes ${writeMs} ms, more than ${limitMs} ms: use a faster disk, or one that other programs use less.`,
    zh: `一次写入耗时 ${writeMs} 毫秒，超过 ${limitMs} 毫秒：请改用更快的磁盘，或减少其他程序对该磁盘的占用。`,
  }),
  'name-unknown': ({ reason }) => ({
    en: `The name is not found (${reason}): correct the setting, or enter the name at the site's name server.`,
    zh: `域名无法解析（${reason}）：请更正设置，或在机构的域名服务器中登记该域名。`,
  }),
  'server-silent': ({ reason }) => ({
    en: `No answer (${reason}): start the server, and open the port in the firewalls between.`,
    zh: `没有应答（${reason}）：请启动该服务器，并在途经的防火墙中放行该端口。`,
  }),
  'server-refuses': ({ variable }) => ({
    en: `The server answers, but refuses the user or the password: correct ${variable}.`,
    zh: `服务器有应答，但拒绝了用户名或密码：请更正 ${variable}。`,
  }),
  'server-far': ({ roundTripMs, limitMs }) => ({
    en: `An answer takes ${roundTripMs} ms, more than ${limitMs} ms: put the server on the same network, or find what slows the network.`,
    zh: `应答耗时 ${roundTripMs} 毫秒，超过 ${limitMs} 毫秒：请将该服务器置于同一网络，或排查网络延迟。`,
  }),
  'store-no-primary': () => ({
    en: 'The document store takes no writes: check that a majority of its members run and that one is primary.',
    zh: '文档数据库不接受写入：请确认多数成员正在运行，且已选出主节点。',
  }),
  'no-time-server': () => ({
    en: 'No time server is named: set NTP_SERVERS to the time servers of the site.',
    zh: '未指定时间服务器：请将 NTP_SERVERS 设为机构的时间服务器。',
  }),
  'time-server-silent': ({ reason }) => ({
    en: `The time server does not answer (${reason}): correct NTP_SERVERS, and open port 123/udp.`,
    zh: `时间服务器没有应答（${reason}）：请更正 NTP_SERVERS，并放行 123/udp 端口。`,
  }),
  'clock-wrong': ({ offsetMs, limitMs }) => ({
    en: `The clocks differ by ${offsetMs} ms, more than ${limitMs} ms: let a time service (chrony) set the clocks of both machines.`,
    zh: `时钟相差 ${offsetMs} 毫秒，超过 ${limitMs} 毫秒：请用时间同步服务（chrony）校准两台机器的时钟。`,
  }),
  'certificate-unreadable': ({ reason }) => ({
    en: `The certificate cannot be read or is not trusted (${reason}): check the file, or name its authority by TLS_CA_FILE.`,
    zh: `证书无法读取或不受信任（${reason}）：请检查该文件，或用 TLS_CA_FILE 指定其签发机构。`,
  }),
  'certificate-ends': ({ days }) => ({
    en:
      Number(days) < 0
        ? 'The certificate has expired: renew it.'
        : `The certificate ends in ${days} days: renew it before the site goes live.`,
    zh: Number(days) < 0 ? '证书已过期：请更换证书。' : `证书将在 ${days} 天后到期：请在上线前更换。`,
  }),
  'certificate-name': ({ name }) => ({
    en: `The certificate does not name ${name}, which browsers are sent to: have it issued for that name.`,
    zh: `证书中没有浏览器所访问的名称 ${name}：请为该名称重新签发证书。`,
  }),
  'certificate-key': () => ({
    en: 'The key is not the key of the certificate: name the file that belongs to it.',
    zh: '私钥与证书不匹配：请指定与该证书对应的私钥文件。',
  }),
  'captures-missing': ({ reason }) => ({
    en: `The relay's captures cannot be read and removed (${reason}): mount the folder of the relay here and name it by RTPENGINE_PCAP_DIR. Without it whatever the recorder misses is lost.`,
    zh: `无法读取和清理媒体网关的抓包文件（${reason}）：请将媒体网关的抓包目录挂载到本机，并用 RTPENGINE_PCAP_DIR 指定。否则录音中断期间的内容无法补全。`,
  }),
  'witnesses-together': ({ address }) => ({
    en: `The relay at ${address} is on this machine too: put the recorder on another machine, so that the two recordings of a call do not end together.`,
    zh: `媒体网关 ${address} 也在本机：请将录音服务部署在另一台机器上，避免同一呼叫的两份录音同时丢失。`,
  }),
  'carrier-silent': () => ({
    en: 'No answer to OPTIONS: ask the carrier whether it admits the address of this site, and open the port in the firewalls between.',
    zh: '对 OPTIONS 没有应答：请向运营商确认是否已放行本机构地址，并在途经的防火墙中放行该端口。',
  }),
  'carrier-unknown': () => ({
    en: 'This is not host:port: write the carrier as 192.0.2.10:5060 or sip.example.com:5060.',
    zh: '格式应为“主机:端口”：请按 192.0.2.10:5060 或 sip.example.com:5060 的形式填写运营商。',
  }),
  'no-carrier': () => ({
    en: 'No carrier was asked: name each one with --carrier host:port, or say --no-carriers.',
    zh: '未检查任何运营商：请用 --carrier 主机:端口 逐一指定，或用 --no-carriers 声明不检查。',
  }),
};

/** The line of a finding: whether it is in order, what was looked at, and what was seen or is to be done. */
export function lineOf(language: Language, finding: Finding): string {
  const mark = isGood(finding) ? { en: 'ok  ', zh: '正常  ' } : { en: 'DO  ', zh: '待处理' };
  return `${mark[language]} ${names[finding.check][language]} ${finding.subject}: ${sentences[finding.code](finding.facts)[language]}`;
}

export function summaryOf(language: Language, findings: readonly Finding[]): string {
  const open = findings.filter((finding) => !isGood(finding)).length;
  if (open === 0)
    return language === 'zh'
      ? `共 ${findings.length} 项，全部正常：可以上线。`
      : `${findings.length} checks, all in order: the site can go live.`;
  return language === 'zh'
    ? `共 ${findings.length} 项，${open} 项待处理：处理后请重新检查。`
    : `${findings.length} checks, ${open} open: settle them, then check again.`;
}

export const usageOf = (language: Language): string =>
  language === 'zh'
    ? '用法：npm run check-site -- --carrier 主机:端口 [--carrier …] | --no-carriers [--json]'
    : 'Usage: npm run check-site -- --carrier HOST:PORT [--carrier …] | --no-carriers [--json]';
