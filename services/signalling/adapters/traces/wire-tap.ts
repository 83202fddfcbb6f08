import { transports, type Place, type TracedMessage } from '../../trace/trace.js';

/** A message between the SIP server and this process, as one frame of drachtio's protocol reports it. */
export type WireMessage = Omit<TracedMessage, 'atUs'>;

/**
 * Reads a frame of the SIP server: a message from the network, or the echo of one of ours as it was sent. The embedded server and
 * drachtio-server write the same format: `id|sip|source|bytes|protocol|address|port|time|transaction|dialog[|address|port]` and
 * `id|response|request|OK|application|bytes|protocol|address|port|time|…`, then CRLF and the SIP message. Undefined for any other frame.
 */
export function readWire(frame: string): WireMessage | undefined {
  const end = frame.indexOf('\r\n');
  if (end < 0) return undefined;
  const [, type, ...tokens] = frame.slice(0, Math.min(end, 1_000)).split('|');
  const text = frame.slice(end + 2);
  if (type === 'sip') {
    const [source, , protocol, address, port, , , , onAddress, onPort] = tokens;
    if (source !== 'network') return { way: 'out', transport: transportOf(protocol), ...placed('near', address, port), text };
    return { way: 'in', transport: transportOf(protocol), ...placed('far', address, port), ...placed('near', onAddress, onPort), text };
  }
  const [, outcome, source, , protocol, address, port] = tokens;
  if (type !== 'response' || outcome !== 'OK' || source !== 'application' || text === '') return undefined;
  // The echo of a response names its destination; the echo of a request names its source.
  return { way: 'out', transport: transportOf(protocol), ...placed(text.startsWith('SIP/2.0 ') ? 'far' : 'near', address, port), text };
}

const transportOf = (text = ''): WireMessage['transport'] => transports.find((each) => each === text.toLowerCase()) ?? 'udp';

function placed(what: 'far' | 'near', address = '', port = ''): Partial<Record<'far' | 'near', Place>> {
  const number = Number(port);
  const isPlace = /^[0-9a-f.:]{2,45}$/i.test(address) && Number.isInteger(number) && number > 0 && number <= 65_535;
  return isPlace ? { [what]: { address, port: number } } : {};
}
