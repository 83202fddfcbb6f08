import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A machine beside this one: processes that see neither its processes nor its network, only a cable to it. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  /** Starts a program; what it starts is of the machine too. */
  run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess;
  /** Its network card's name; empty where it has none of its own. */
  readonly card: string;
  /** Whether it has this address at the moment. */
  has(address: string): boolean;
  /** Everything that runs there gets SIGKILL. */
  kill(): Promise<void>;
  /** The same, and its network stops answering, for good or until it is switched on again. */
  die(): Promise<void>;
  switchOn(): void;
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
  /** Two addresses that none of them has, for pairs of machines that share them. */
  readonly shared: readonly [string, string];
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
    shared: [at(12), at(13)],
    all,
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((machine) => machine.kill()));
      if (isMade) remove();
    },
  };
}

function inNamespaces({ name, space, link, address }: Readonly<Record<'name' | 'space' | 'link' | 'address', string>>): Machine {
  const children: ChildProcess[] = [];
  // Whoever is in the network of the machine is of the machine.
  const kill = (): Promise<void> => ended(children, () => signal('KILL'));
  const signal = (which: string): void => {
    const { stdout } = spawnSync('ip', ['netns', 'pids', space], { encoding: 'utf8' });
    const pids = stdout.split('\n').filter((pid) => pid !== '');
    if (pids.length > 0) spawnSync('kill', [`-${which}`, ...pids]);
  };
  return {
    name,
    address,
    card: 'eth0',
    has: (which) =>
      spawnSync('ip', ['-n', space, '-o', 'address', 'show', 'dev', 'eth0'], { encoding: 'utf8' }).stdout.includes(` ${which}/`),
    run(command, args, env) {
      // A space of process ids of its own makes it another machine to whoever looks for a process; with its first process all end.
      const inside = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', command, ...args];
      const child = spawn('ip', ['netns', 'exec', space, ...inside], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.push(child);
      return child;
    },
    kill,
    async die() {
      ip('link', 'set', link, 'down');
      await kill();
      // What it was given while it ran goes with it.
      ip('-n', space, 'address', 'flush', 'dev', 'eth0');
    },
    switchOn() {
      ip('-n', space, 'address', 'add', `${address}/28`, 'dev', 'eth0');
      ip('link', 'set', link, 'up');
    },
    freeze: () => signal('STOP'),
    thaw: () => signal('CONT'),
    cut: () => void ip('link', 'set', link, 'down'),
    cutFrom: (other) => void ip('-n', space, 'route', 'add', 'blackhole', `${other}/32`),
  };
}

function onLoopback(name: string, address: string): Machine {
  const children: ChildProcess[] = [];
  const onlyKilled = (): never => {
    throw new Error('without namespaces a machine can only be killed');
  };
  return {
    name,
    address,
    card: '',
    has: (which) => which === address,
    run(command, args, env) {
      const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
      children.push(child);
      return child;
    },
    // What the supervisor started ends with it.
    kill: () => ended(children, (child) => child.kill('SIGKILL')),
    die: onlyKilled,
    switchOn: onlyKilled,
    freeze: onlyKilled,
    thaw: onlyKilled,
    cut: onlyKilled,
    cutFrom: onlyKilled,
  };
}

async function ended(children: readonly ChildProcess[], kill: (child: ChildProcess) => void): Promise<void> {
  const running = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const gone = running.map((child) => once(child, 'exit'));
  for (const child of running) kill(child);
  await Promise.all(gone);
}
