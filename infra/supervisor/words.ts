import type { StartProblem } from './start-failure.js';
import type { AuthoritiesProblem } from './certificates/authorities.js';
import type { ProcessNews } from './processes/supervised-process.js';

export type Language = 'en' | 'zh';

/** Chinese where the locale is Chinese, else English. */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  return /^zh/i.test(env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? '') ? 'zh' : 'en';
}

type Facts = Readonly<Record<string, string | number>>;
type Sentence = (facts: Facts) => { readonly en: string; readonly zh: string };

const authoritiesWords: Readonly<Record<AuthoritiesProblem, { readonly en: string; readonly zh: string }>> = {
  unreadable: { en: 'it cannot be read', zh: '文件无法读取' },
  'no-certificate': { en: 'it holds no certificate (PEM)', zh: '其中没有证书（PEM 格式）' },
  damaged: { en: 'a certificate in it is damaged', zh: '其中有证书已损坏' },
  expired: { en: 'every certificate in it has expired', zh: '其中的证书均已过期' },
};

const problems: Readonly<Record<StartProblem, Sentence>> = {
  'already-running': ({ pid }) => ({
    en: `Proofline already runs from this data folder (process ${pid}).`,
    zh: `该数据目录下的 Proofline 已在运行（进程 ${pid}）。`,
  }),
  'port-taken': ({ port, host, transport, variable }) => ({
    en: `Port ${port}/${transport} on ${host} is in use by another program: end that program, or set ${variable} to another port.`,
    zh: `端口 ${host}:${port}/${transport} 已被其他程序占用：请结束该程序，或将 ${variable} 设为其他端口。`,
  }),
  'no-right-to-port': ({ port, host, transport, variable, code }) => ({
    en: `Port ${port}/${transport} on ${host} may not be used (${code}): check the address and the rights, or set ${variable}.`,
    zh: `无法使用端口 ${host}:${port}/${transport}（${code}）：请检查地址与权限，或设置 ${variable}。`,
  }),
  'no-free-ports': () => ({ en: 'No range of free ports was found.', zh: '没有找到可用的端口范围。' }),
  'no-right-to-home': ({ folder, code }) => ({
    en: `The data folder ${folder} cannot be written (${code}).`,
    zh: `无法写入数据目录 ${folder}（${code}）。`,
  }),
  'disk-full': ({ folder }) => ({
    en: `The disk of ${folder} is full: free at least 300 MB.`,
    zh: `${folder} 所在磁盘已满：请至少腾出 300 MB。`,
  }),
  'restore-unfinished': ({ folder }) => ({
    en: `A restore into ${folder} is running or was interrupted: wait for it, or empty the folder and restore again.`,
    zh: `${folder} 中的恢复正在进行或已中断：请等待其完成，或清空该目录后重新恢复。`,
  }),
  'program-missing': ({ name }) => ({
    en: `The program of "${name}" is not installed: run npm start, which installs it, or see docs/operations.`,
    zh: `未安装“${name}”所需的程序：请运行 npm start 进行安装，或参阅 docs/operations。`,
  }),
  'process-failed': ({ name, line, log }) => ({
    en: `"${name}" did not start: ${line}\nIts log: ${log}`,
    zh: `“${name}”启动失败：${line}\n日志：${log}`,
  }),
  'not-ready-in-time': ({ name, line, log }) => ({
    en: `"${name}" was not ready in time${line === '' ? '' : `; it said last: ${line}`}\nIts log: ${log}`,
    zh: `“${name}”未能按时就绪${line === '' ? '' : `；最后输出：${line}`}\n日志：${log}`,
  }),
  'bad-certificate': ({ file }) => ({
    en: `The certificate ${file} or its key cannot be read, or it has expired.`,
    zh: `证书 ${file} 或其私钥无法读取，或证书已过期。`,
  }),
  'bad-authorities': ({ file, problem }) => {
    const why = authoritiesWords[problem as AuthoritiesProblem];
    return {
      en: `TLS_CA_FILE: the authorities in ${file} cannot be trusted: ${why.en}.`,
      zh: `TLS_CA_FILE：无法信任 ${file} 中的证书机构：${why.zh}。`,
    };
  },
  'not-isolated': ({ reason }) => ({
    en: `PROOFLINE_ISOLATE=yes, but other users of this machine cannot be kept from the inner ports (${reason}): give this process CAP_NET_ADMIN and install nftables, or set PROOFLINE_ISOLATE=auto.`,
    zh: `已设置 PROOFLINE_ISOLATE=yes，但无法阻止本机其他用户访问内部端口（${reason}）：请安装 nftables 并授予本进程 CAP_NET_ADMIN 权限，或改为 PROOFLINE_ISOLATE=auto。`,
  }),
  'not-built': () => ({ en: 'The product is not built yet: run npm start.', zh: '产品尚未构建：请运行 npm start。' }),
};

export const problemText = (language: Language, problem: StartProblem, facts: Facts): string => problems[problem](facts)[language];

/** The console line for what happened to a process; undefined when people need not know. */
export function newsText(language: Language, name: string, news: ProcessNews): string | undefined {
  const zh = language === 'zh';
  switch (news.kind) {
    case 'started':
    case 'ready':
      return undefined;
    case 'died': {
      const seconds = (news.restartInMs / 1000).toFixed(1);
      const when = news.restartInMs === 0 ? { zh: '正在立即', en: 'at once' } : { zh: `${seconds} 秒后`, en: `in ${seconds} s` };
      return zh ? `${name} 已退出（${news.exit}），${when.zh}重新启动` : `${name} ended (${news.exit}) and is started again ${when.en}`;
    }
    case 'hung':
      return zh ? `${name} 没有响应，正在重新启动` : `${name} does not answer and is started again`;
    case 'ill':
      return zh ? `${name} 状态异常：${news.reason}` : `${name} is not well: ${news.reason}`;
    case 'well':
      return zh ? `${name} 已恢复正常` : `${name} is well again`;
    case 'told':
      return `${name}: ${news.message}`;
  }
}

export interface Welcome {
  /** Undefined where no page is served. */
  readonly url: string | undefined;
  /** The roles that this machine has, and those that it takes over when the process that has them ends. */
  readonly working: readonly string[];
  readonly standsBy: readonly string[];
  readonly sip: string | undefined;
  readonly home: string;
  readonly seconds: string;
  readonly authorityFile: string | undefined;
  /**
   * Printed at the first start only. `password` is undefined where the output is kept (a journal, a file): then the file of the password is
   * named instead.
   */
  readonly admin: { readonly name: string; readonly password: string | undefined; readonly file: string } | undefined;
}

function passwordLine(zh: boolean, password: string | undefined, file: string): string {
  if (password === undefined) return zh ? `  初始密码：见文件 ${file}` : `  first password: in the file ${file}`;
  return zh ? `  初始密码：${password}（保存在 ${file}）` : `  first password: ${password} (kept in ${file})`;
}

/** A machine that only stands by serves nobody, so it is not called ready. */
function headlines(zh: boolean, { url, working, standsBy, seconds }: Welcome): readonly string[] {
  const waiting = standsBy.join(zh ? '、' : ', ');
  const served = url ?? working.join(zh ? '、' : ', ');
  return [
    working.length === 0
      ? zh
        ? `Proofline 处于待命状态（${seconds} 秒）：${waiting}`
        : `Proofline stands by (${seconds} s): ${waiting}`
      : zh
        ? `Proofline 已就绪（${seconds} 秒）：${served}`
        : `Proofline is ready (${seconds} s): ${served}`,
    ...(standsBy.length === 0
      ? []
      : [
          zh
            ? `  待命：${waiting}，目前由其他进程承担，其停止后由本机接管`
            : `  stands by: ${waiting}; another process has it now, and this machine takes it over when that one ends`,
        ]),
  ];
}

export function welcomeText(language: Language, welcome: Welcome): string {
  const { url, sip, home, authorityFile, admin } = welcome;
  const zh = language === 'zh';
  return [
    '',
    ...headlines(zh, welcome),
    ...(admin === undefined && url === undefined
      ? []
      : admin === undefined
        ? [
            zh
              ? '  忘记密码时，由另一位管理员在“用户与权限”页面设置初始密码'
              : '  Whoever forgot a password gets a first one from another administrator, on the page "Users and rights"',
          ]
        : [
            zh ? `  管理员：${admin.name}` : `  administrator: ${admin.name}`,
            passwordLine(zh, admin.password, admin.file),
            zh
              ? '  试用账号（同一密码）：agent1、agent2、supervisor、compliance、auditor'
              : '  people for a try, same password: agent1, agent2, supervisor, compliance, auditor',
          ]),
    ...(sip === undefined ? [] : [zh ? `  SIP 中继：${sip}` : `  SIP trunk: ${sip}`]),
    ...(authorityFile === undefined
      ? []
      : [
          zh
            ? `  证书由本机自建的证书机构签发；导入 ${authorityFile} 后浏览器不再提示`
            : `  The certificate is from an authority of this installation; a browser that imports ${authorityFile} trusts it`,
        ]),
    zh ? `  数据与日志：${home}` : `  data and logs: ${home}`,
    zh ? '  按 Ctrl-C 停止' : '  Ctrl-C stops it',
    '',
  ].join('\n');
}

/** Printed at the start when other users of the machine can reach the inner ports. */
export const notIsolatedText = (language: Language, reason: string): string =>
  language === 'zh'
    ? `本机其他用户可以访问内部端口（存储、SIP 管理、媒体网关控制）：未设置 nftables 规则（${reason}）；处理办法见 docs/operations。`
    : `Other users of this machine reach the inner ports (stores, SIP administration, relay control): no nftables rules were set (${reason}); docs/operations says what to do.`;

export const drainingText = (language: Language, calls: number, seconds: number): string =>
  language === 'zh'
    ? `正在等待 ${calls} 个通话结束（最多 ${seconds} 秒），不再接受新呼叫；再按一次 Ctrl-C 立即结束`
    : `Waiting for ${calls} call(s) to end, at most ${seconds} s; new calls are refused. Ctrl-C again ends them now`;
export const stoppingText = (language: Language): string => (language === 'zh' ? '正在停止……' : 'Stopping ...');
export const stoppedText = (language: Language): string => (language === 'zh' ? '已停止。' : 'Stopped.');
export const startingText = (language: Language, names: readonly string[]): string =>
  language === 'zh' ? `启动：${names.join('、')} ……` : `Starting: ${names.join(', ')} ...`;
