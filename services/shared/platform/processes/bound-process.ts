/** A program and its arguments, as `spawn` takes them. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

// Full paths, because a parser of files gets an environment without PATH.
const SETPRIV = '/usr/bin/setpriv';
const SHELL = '/bin/sh';

/** Compares the parent with the one that asked for setpriv: a parent that died before that left its process to another one. */
const UNLESS_ORPHANED = '[ "$PPID" = "$0" ] || exit 1; exec "$@"';

/**
 * The same program, but the kernel kills it (SIGKILL) as soon as its parent ends, however the parent ends and whatever the program is doing
 * (PR_SET_PDEATHSIG). If the parent ended before the kernel was asked, the program does not start. It keeps its process id and the files
 * that it inherits. Without such a program it exits with 127. The kernel watches the thread that starts the process, so start it from the
 * main thread. `parent`: the starting process.
 */
export const boundToParent = ({ command, args }: Command, parent: number = process.pid): Command => ({
  command: SETPRIV,
  args: ['--pdeathsig', 'KILL', '--', SHELL, '-c', UNLESS_ORPHANED, String(parent), command, ...args],
});

/** For `fork`: Node.js itself, bound to this process. `execArgv`: options of Node.js. */
export function nodeBoundToParent(execArgv: readonly string[]): { readonly execPath: string; readonly execArgv: string[] } {
  const { command, args } = boundToParent({ command: process.execPath, args: execArgv });
  return { execPath: command, execArgv: [...args] };
}
