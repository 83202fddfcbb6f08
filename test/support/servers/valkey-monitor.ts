import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A command that Valkey was given: its words, and the client's `host:port` (`lua` for a script's own). */
export interface Asked {
  readonly words: readonly string[];
  readonly source: string;
}

/** `+1796173737.701974 [0 127.0.0.1:51286] "xread" "COUNT" "256"`; quotes, backslashes and bytes are escaped within a word. */
const shown = /^\+[\d.]+ \[\d+ ([^\]]+)\] (.*)$/;

/** Reads a line of MONITOR; undefined for any other line. */
export function askedIn(line: string): Asked | undefined {
  const [, source, rest] = shown.exec(line) ?? [];
  if (source === undefined || rest === undefined) return undefined;
  return { source, words: [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word.replace(/\\(["\\])/g, '$1')) };
}

/**
 * Shows each command that Valkey is given, from the moment at which `start` has returned. A connection of its own: a client that waits
 * for answers mistakes the first lines for one.
 */
export class ValkeyMonitor extends EventEmitter<{ asked: [Asked] }> {
  private constructor(private readonly socket: Socket) {
    super();
  }

  /** @throws when Valkey refuses or cannot be reached */
  static async start(url: string): Promise<ValkeyMonitor> {
    const { hostname, port, password } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const monitor = new ValkeyMonitor(socket);
    const lines = createInterface({ input: socket });
    const answered = async (command: string): Promise<void> => {
      const next = once(lines, 'line') as Promise<[string]>;
      socket.write(`${command}\r\n`);
      const [answer] = await next;
      if (answer === '+OK') return;
      monitor.stop();
      throw new Error(`Valkey refused the monitor: ${answer}`);
    };
    if (password !== '') await answered(`AUTH ${decodeURIComponent(password)}`);
    lines.on('line', (line) => {
      const asked = askedIn(line);
      if (asked !== undefined) monitor.emit('asked', asked);
    });
    await answered('MONITOR');
    return monitor;
  }

  stop(): void {
    this.socket.destroy();
  }
}
