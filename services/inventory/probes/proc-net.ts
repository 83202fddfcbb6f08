/** A line of /proc/net/{tcp,tcp6,udp,udp6}. */
export interface SocketLine {
  readonly protocol: 'tcp' | 'udp';
  readonly local: { readonly address: string; readonly port: number };
  readonly remote: { readonly address: string; readonly port: number };
  readonly state: 'listening' | 'connected' | 'other';
  readonly inode: string;
}

const LISTEN = '0A';
const ESTABLISHED = '01';
/** The kernel gives an unconnected UDP socket the same state as a closed TCP socket. */
const UDP_UNCONNECTED = '07';

/** Reads one of the four tables (proc(5)): addresses are little-endian words in hexadecimal. */
export function parseProcNet(text: string, protocol: 'tcp' | 'udp'): SocketLine[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line): SocketLine[] => {
      const [, local, remote, state, , , , , , inode] = line.trim().split(/\s+/);
      if (local === undefined || remote === undefined || state === undefined || inode === undefined) return [];
      return [
        {
          protocol,
          local: endpoint(local),
          remote: endpoint(remote),
          state:
            state === LISTEN || (protocol === 'udp' && state === UDP_UNCONNECTED)
              ? 'listening'
              : state === ESTABLISHED
                ? 'connected'
                : 'other',
          inode,
        },
      ];
    });
}

function endpoint(text: string): { address: string; port: number } {
  const [hex = '', port = '0'] = text.split(':');
  return { address: hex.length === 8 ? ipv4(hex) : ipv6(hex), port: Number.parseInt(port, 16) };
}

const ipv4 = (hex: string): string =>
  (hex.match(/../g) ?? [])
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.');

function ipv6(hex: string): string {
  const words = (hex.match(/.{8}/g) ?? []).flatMap((word) => {
    const bytes = (word.match(/../g) ?? []).reverse().join('');
    return [bytes.slice(0, 4), bytes.slice(4)];
  });
  const mapped = words.slice(0, 5).every((word) => word === '0000') && words[5]?.toLowerCase() === 'ffff';
  if (mapped) {
    const tail = words.slice(6).join('');
    return (tail.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.');
  }
  const short = words.map((word) => word.replace(/^0{1,3}/, '').toLowerCase()).join(':');
  return short.replace(/(^|:)(0(:|$)){2,}/, '::');
}
