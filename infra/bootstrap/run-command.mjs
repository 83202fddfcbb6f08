import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './language.mjs';
import { Stop } from './stop.mjs';

/**
 * Runs a program to its end. With `log` its output goes to `.cache/bootstrap/LOG.log`, else to this terminal.
 * @returns {Promise<{ code: number, output: string }>} `output` is empty when it went to the terminal
 */
export async function runCommand(root, command, args, { log, env = {} } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: log === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const chunks = [];
  child.stdout?.on('data', (chunk) => chunks.push(chunk));
  child.stderr?.on('data', (chunk) => chunks.push(chunk));
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      chunks.push(Buffer.from(`${error.message}\n`));
      resolve(127);
    });
    child.once('close', (exit, signal) => resolve(exit ?? (signal === null ? 1 : 128)));
  });
  const output = Buffer.concat(chunks).toString('utf8');
  if (log !== undefined) {
    mkdirSync(join(root, '.cache', 'bootstrap'), { recursive: true });
    writeFileSync(logPath(root, log), output);
  }
  return { code, output };
}

export const logPath = (root, log) => join(root, '.cache', 'bootstrap', `${log}.log`);

const causes = [
  [/ENOSPC|No space left on device/, () => say('The disk is full: free some space and run it again.', '磁盘已满：请先腾出空间再运行。')],
  [/EROFS|Read-only file system/, () => say('The file system is read-only.', '文件系统是只读的。')],
  [/EACCES|EPERM|Permission denied/, () => say('A right is missing to write a file or folder.', '没有写入文件或目录的权限。')],
  [
    /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|Could not resolve (?:host|'[\w-]+(?:\.[\w-]+)+')|Temporary failure resolving|Could not connect/,
    () => say('The package server cannot be reached: check the network or the proxy.', '无法连接软件源：请检查网络或代理设置。'),
  ],
  [
    /Could not get lock/,
    () => say('Another program is installing packages: wait until it ends.', '另一个程序正在安装软件包：请等待其结束。'),
  ],
];

/** Like `runCommand` with a log; throws a Stop with the cause in plain words when the program fails. */
export async function mustRun(root, command, args, { log, what, env }) {
  const { code, output } = await runCommand(root, command, args, { log, env });
  if (code === 0) return;
  const cause = causes.find(([pattern]) => pattern.test(output))?.[1]();
  const tail = output.trimEnd().split('\n').slice(-15).join('\n');
  throw new Stop(
    `${cause ?? say(`${what} failed. The end of its output:`, `${what}失败。输出的结尾：`)}${cause === undefined ? `\n${tail}` : ''}\n` +
      say(`All of it: ${logPath(root, log)}`, `完整输出：${logPath(root, log)}`),
  );
}
