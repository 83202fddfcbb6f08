import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { getuid } from 'node:process';

const mounts = {
  /** A file system of its own with exactly this many megabytes. */
  full: (megabytes: number) => `mount -t tmpfs -o size=${megabytes}m none "$0"`,
  readOnly: () => 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"',
};

/**
 * Private, so that nothing outside sees the mount; in a chroot that is no mount point the kernel refuses this, so the present setting is
 * kept.
 */
function propagation(): 'private' | 'unchanged' {
  const rootIsMounted = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[4] === '/');
  return rootIsMounted ? 'private' : 'unchanged';
}

/**
 * Runs a Node program, until the end of the scope at most, that sees `folder` on a file system of another kind; nothing outside the process
 * sees that mount.
 */
export function spawnMounted(mount: 'readOnly' | number, folder: string, args: readonly string[]): ChildProcess & AsyncDisposable {
  const script = `${mount === 'readOnly' ? mounts.readOnly() : mounts.full(mount)} && exec "$@"`;
  const asRoot = getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const child = spawn(
    'unshare',
    [...asRoot, '--mount', '--propagation', propagation(), 'sh', '-c', script, folder, process.execPath, '--import', 'tsx', ...args],
    {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  return Object.assign(child, {
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  });
}
