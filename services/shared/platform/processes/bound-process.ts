/** A program and its arguments, as `spawn` takes them. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

// By their full paths: a parser of files gets an environment without PATH.
const SETPRIV = '/usr/bin/setpriv';
const SHELL = '/bin/sh';

/** Compares with what setpriv asked for already: a parent that died before that left its process to another one. */
const UNLESS_ORPHANED = '[ "$PPID" = "$0" ] || exit 1; exec "$@"';

/**
 * The same program, which the kernel kills (SIGKILL) in the moment in which its parent ends, however that ends and whatever the program is
 * doing then (PR_SET_PDEATHSIG). When the parent ended before the kernel was asked, the program does not begin. It keeps its process id and
 * the files that it inherits; where there is no such program, it exits with 127. The kernel watches the thread that starts the process: start
 * it from the main thread. `parent`: who starts it.
 */
export const boundToParent = ({ command, args }: Command, parent: number = process.pid): Command => ({
  command: SETPRIV,
  args: ['--pdeathsig', 'KILL', '--', SHELL, '-c', UNLESS_ORPHANED, String(parent), command, ...args],
});

/** For `fork`: Node itself, bound to this process. `execArgv`: options of Node. */
export function nodeBoundToParent(execArgv: readonly string[]): { readonly execPath: string; readonly execArgv: string[] } {
  const { command, args } = boundToParent({ command: process.execPath, args: execArgv });
  return { execPath: command, execArgv: [...args] };
}
