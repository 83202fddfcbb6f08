import { parseNameAddr, splitList } from '../message/grammar.js';
import type { SipRequest, SipResponse } from '../message/message.js';
import { contactKey, parseUri } from '../message/uri.js';
import type { Flow } from '../transport/flow.js';

const DEFAULT_EXPIRES_S = 3_600;

/**
 * Remembers which connection a registered contact came by, so that a request to it travels back on the same one: the only way to a
 * browser, whose contact is an invented `.invalid` host (RFC 7118 section 5, RFC 5626 section 5.3).
 */
export class ContactMemory {
  private readonly byKey = new Map<string, { readonly flow: Flow; readonly expiresAtMs: number }>();
  private readonly byFlow = new Map<Flow, Set<string>>();

  constructor(private readonly now: () => number = Date.now) {}

  get size(): number {
    return this.byKey.size;
  }

  /** Learns from an accepted REGISTER or SUBSCRIBE; the response's Expires rules, then its contacts', then the request's. */
  learn(request: SipRequest, response: SipResponse, flow: Flow): void {
    if (flow.protocol === 'udp') return;
    const general = Number(response.headers.get('expires') ?? request.headers.get('expires') ?? DEFAULT_EXPIRES_S);
    const granted = new Map<string, string | undefined>();
    for (const value of response.headers.all('contact').flatMap(splitList)) {
      const contact = parseNameAddr(value);
      if (contact) granted.set(contact.uri, contact.params.get('expires'));
    }
    for (const value of request.headers.all('contact').flatMap(splitList)) {
      const contact = parseNameAddr(value);
      const uri = contact && parseUri(contact.uri);
      if (!contact || !uri) continue;
      const seconds = Number(granted.get(contact.uri) ?? contact.params.get('expires') ?? general);
      this.put(contactKey(uri), flow, Number.isFinite(seconds) ? seconds : general);
    }
  }

  /** The open connection to that contact, or undefined. */
  flowTo(uriText: string): Flow | undefined {
    const uri = parseUri(uriText);
    const entry = uri && this.byKey.get(contactKey(uri));
    return entry && entry.flow.open && entry.expiresAtMs > this.now() ? entry.flow : undefined;
  }

  /** Forgets all contacts of a connection that has closed; returns how many there were. */
  flowClosed(flow: Flow): number {
    const keys = this.byFlow.get(flow);
    this.byFlow.delete(flow);
    for (const key of keys ?? []) if (this.byKey.get(key)?.flow === flow) this.byKey.delete(key);
    return keys?.size ?? 0;
  }

  private put(key: string, flow: Flow, seconds: number): void {
    if (seconds <= 0) {
      this.byKey.delete(key);
      this.byFlow.get(flow)?.delete(key);
      return;
    }
    this.byKey.set(key, { flow, expiresAtMs: this.now() + seconds * 1_000 });
    const keys = this.byFlow.get(flow) ?? new Set();
    keys.add(key);
    this.byFlow.set(flow, keys);
  }
}
