import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A machine beside this one: processes that see neither its processes nor its network, only a cable to it. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  /** Starts its only program; what it starts is of the machine too. */
  run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess;
  /** Everything that runs there gets SIGKILL. */
  kill(): Promise<void>;
  /** Everything that runs there stands still, and goes on. */
  freeze(): void;
  thaw(): void;
  /** The cable is pulled. */
  cut(): void;
  /** Only this address of the other end cannot be reached any more. */
  cutFrom(address: string): void;
}

export interface Machines extends AsyncDisposable {
  /** `loopback`: where namespaces may not be made, other addresses of this machine take their place, and only `kill` works. */
  readonly kind: 'namespaces' | 'loopback';
  /** This machine's addresses towards them: one for the live state, one for callers and seats, and one for everything else. */
  readonly own: string;
  readonly liveState: string;
  readonly parties: string;
  readonly all: readonly Machine[];
}

const ip = (...args: readonly string[]): boolean => spawnSync('ip', args, { stdio: 'ignore' }).status === 0;

let made = 0;

/** Up to eight, on a bridge in 198.18.0.0/15, which RFC 2544 sets aside for tests of networks. */
export function openMachines(names: readonly string[]): Machines {
  made += 1;
  const tag = `${(process.pid % 100_000).toString(36)}${made}`;
  const bridge = `plb${tag}`;
  const net = `198.19.${(process.pid >> 4) & 255}.${(process.pid & 15) * 16}`.split('.');
  const at = (last: number): string => [...net.slice(0, 3), Number(net[3]) + last].join('.');
  const [own, liveState, parties] = [at(1), at(2), at(3)];
  const spaces = names.map((name, index) => ({ name, space: `pl${tag}${name}`, address: at(4 + index), link: `plv${tag}${index}` }));
  const remove = (): void => {
    for (const { space, link } of spaces) {
      ip('netns', 'delete', space);
      ip('link', 'delete', link);
    }
    ip('link', 'delete', bridge);
  };
  const steps = [
    ['link', 'add', bridge, 'type', 'bridge'],
    ['address', 'add', `${own}/28`, 'dev', bridge],
    ['address', 'add', `${liveState}/28`, 'dev', bridge],
    ['address', 'add', `${parties}/28`, 'dev', bridge],
    ['link', 'set', bridge, 'up'],
    ...spaces.flatMap(({ space, link, address }) => [
      ['netns', 'add', space],
      ['link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space],
      ['link', 'set', link, 'master', bridge, 'up'],
      ['-n', space, 'address', 'add', `${address}/28`, 'dev', 'eth0'],
      ['-n', space, 'link', 'set', 'lo', 'up'],
      ['-n', space, 'link', 'set', 'eth0', 'up'],
    ]),
  ];
  const isMade = process.getuid?.() === 0 && steps.every((step) => ip(...step));
  if (!isMade) remove();
  const all = spaces.map(({ name, space, link, address }, index) =>
    isMade ? inNamespaces({ name, space, link, address }) : onLoopback(name, `127.0.0.${11 + index}`),
  );
  return {
    kind: isMade ? 'namespaces' : 'loopback',
    own: isMade ? own : '127.0.0.1',
    liveState: isMade ? liveState : '127.0.0.1',
    parties: isMade ? parties : '127.0.0.1',
    all,
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((machine) => machine.kill()));
      if (isMade) remove();
    },
  };
}

function inNamespaces({ name, space, link, address }: Readonly<Record<'name' | 'space' | 'link' | 'address', string>>): Machine {
  let child: ChildProcess | undefined;
  // Whoever is in the network of the machine is of the machine.
  const signal = (which: string): void => {
    const { stdout } = spawnSync('ip', ['netns', 'pids', space], { encoding: 'utf8' });
    const pids = stdout.split('\n').filter((pid) => pid !== '');
    if (pids.length > 0) spawnSync('kill', [`-${which}`, ...pids]);
  };
  return {
    name,
    address,
    run(command, args, env) {
      // A space of process ids of its own makes it another machine to whoever looks for a process; with its first process all end.
      const inside = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', command, ...args];
      child = spawn('ip', ['netns', 'exec', space, ...inside], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
      return child;
    },
    kill: () => ended(child, () => signal('KILL')),
    freeze: () => signal('STOP'),
    thaw: () => signal('CONT'),
    cut: () => void ip('link', 'set', link, 'down'),
    cutFrom: (other) => void ip('-n', space, 'route', 'add', 'blackhole', `${other}/32`),
  };
}

function onLoopback(name: string, address: string): Machine {
  let child: ChildProcess | undefined;
  const onlyKilled = (): never => {
    throw new Error('without namespaces a machine can only be killed');
  };
  return {
    name,
    address,
    run(command, args, env) {
      child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
      return child;
    },
    // What the supervisor started ends with it.
    kill: () => ended(child, () => child?.kill('SIGKILL')),
    freeze: onlyKilled,
    thaw: onlyKilled,
    cut: onlyKilled,
    cutFrom: onlyKilled,
  };
}

async function ended(child: ChildProcess | undefined, kill: () => void): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  kill();
  await gone;
}
