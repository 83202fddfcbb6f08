import { spawnSync } from 'node:child_process';

/** A network beside this machine's own, with two hosts in it: a carrier and somebody who is nobody's carrier. */
export interface SecondNetwork {
  /** `loopback`, where namespaces may not be made, means other addresses of the loopback. */
  readonly kind: 'namespace' | 'loopback';
  /** This machine's address in that network. */
  readonly own: string;
  readonly carrier: string;
  readonly stranger: string;
  /** The command that starts a program there. */
  command(program: string, args: readonly string[]): readonly [program: string, args: readonly string[]];
  close(): void;
}

const LOOPBACK: SecondNetwork = {
  kind: 'loopback',
  own: '127.0.0.1',
  carrier: '127.0.0.2',
  stranger: '127.0.0.3',
  command: (program, args) => [program, args],
  close: () => undefined,
};

function ip(...args: readonly string[]): boolean {
  return spawnSync('ip', args, { stdio: 'ignore' }).status === 0;
}

let made = 0;

/**
 * Makes a network namespace with a cable to it (a veth pair, in 198.18.0.0/15, which RFC 2544 sets aside for tests of networks). Where that
 * is not allowed, or there is no `ip`, addresses of the loopback take its place: they are nobody's trunk either.
 */
export function openSecondNetwork(): SecondNetwork {
  made += 1;
  const name = `pl${String(process.pid)}n${String(made)}`;
  const [here, there] = [`${name}a`.slice(-15), `${name}b`.slice(-15)];
  const third = (process.pid >> 4) & 255;
  const first = ((process.pid & 15) * 2 + (made & 1)) * 8;
  const address = (last: number): string => `198.18.${String(third)}.${String(first + last)}`;
  const [own, carrier, stranger] = [address(1), address(2), address(3)];
  const close = (): void => {
    // The cable goes with the namespace it ends in.
    ip('netns', 'delete', name);
    ip('link', 'delete', here);
  };
  const steps: readonly (readonly string[])[] = [
    ['netns', 'add', name],
    ['link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name],
    ['address', 'add', `${own}/29`, 'dev', here],
    ['link', 'set', here, 'up'],
    ['-n', name, 'address', 'add', `${carrier}/29`, 'dev', there],
    ['-n', name, 'address', 'add', `${stranger}/29`, 'dev', there],
    ['-n', name, 'link', 'set', 'lo', 'up'],
    ['-n', name, 'link', 'set', there, 'up'],
  ];
  if (!steps.every((step) => ip(...step))) {
    close();
    return LOOPBACK;
  }
  return {
    kind: 'namespace',
    own,
    carrier,
    stranger,
    command: (program, args) => ['ip', ['netns', 'exec', name, program, ...args]],
    close,
  };
}
