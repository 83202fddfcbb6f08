import { parseNameAddr, splitList } from '../message/grammar.js';
import type { SipRequest, SipResponse } from '../message/message.js';
import { contactKey, parseUri } from '../message/uri.js';
import type { Flow } from '../transport/flow.js';
import type { Owner } from './application.js';

const DEFAULT_EXPIRES_S = 3_600;

/** A contact accepted by the application, and the connection it came by. */
export interface RegisteredContact {
  readonly contactUri: string;
  /** To of the REGISTER: the address of record. */
  readonly addressOfRecord: string;
  readonly requestUri: string;
  readonly flow: Flow;
  readonly owner: Owner;
  readonly expiresAtMs: number;
}

/**
 * Remembers which connection a registered contact came by, so that a request to it travels back on the same one: the only way to a
 * browser, whose contact is an invented `.invalid` host (RFC 7118 section 5, RFC 5626 section 5.3).
 */
export class ContactMemory {
  private readonly byKey = new Map<string, RegisteredContact>();
  private readonly byFlow = new Map<Flow, Set<string>>();

  constructor(private readonly now: () => number = Date.now) {}

  get size(): number {
    return this.byKey.size;
  }

  /** Learns from an accepted REGISTER or SUBSCRIBE; a contact's own expiry in the response rules, then in the request, then Expires. */
  learn(request: SipRequest, response: SipResponse, flow: Flow, owner: Owner): void {
    if (flow.protocol === 'udp') return;
    const general = Number(response.headers.get('expires') ?? request.headers.get('expires') ?? DEFAULT_EXPIRES_S);
    const granted = new Map<string, string | undefined>();
    for (const value of response.headers.all('contact').flatMap(splitList)) {
      const contact = parseNameAddr(value);
      if (contact) granted.set(contact.uri, contact.params.get('expires'));
    }
    for (const value of request.headers.all('contact').flatMap(splitList)) {
      if (value === '*') this.flowClosed(flow);
      const contact = parseNameAddr(value);
      const uri = contact && parseUri(contact.uri);
      if (!contact || !uri) continue;
      const seconds = Number(granted.get(contact.uri) ?? contact.params.get('expires') ?? general);
      const expiresAtMs = this.now() + (Number.isFinite(seconds) ? seconds : DEFAULT_EXPIRES_S) * 1_000;
      const addressOfRecord = request.headers.get('to') ?? '';
      this.put(contactKey(uri), { contactUri: contact.uri, addressOfRecord, requestUri: request.uri, flow, owner, expiresAtMs });
    }
  }

  /** The open connection to that contact, or undefined. */
  flowTo(uriText: string): Flow | undefined {
    const uri = parseUri(uriText);
    const entry = uri && this.byKey.get(contactKey(uri));
    return entry && entry.flow.open && entry.expiresAtMs > this.now() ? entry.flow : undefined;
  }

  /** Forgets all contacts of a connection; returns those that were still valid. */
  flowClosed(flow: Flow): readonly RegisteredContact[] {
    const keys = this.byFlow.get(flow);
    this.byFlow.delete(flow);
    const lost: RegisteredContact[] = [];
    for (const key of keys ?? []) {
      const entry = this.byKey.get(key);
      if (entry?.flow !== flow) continue;
      this.byKey.delete(key);
      if (entry.expiresAtMs > this.now()) lost.push(entry);
    }
    return lost;
  }

  private put(key: string, contact: RegisteredContact): void {
    if (contact.expiresAtMs <= this.now()) {
      this.byKey.delete(key);
      this.byFlow.get(contact.flow)?.delete(key);
      return;
    }
    this.byKey.set(key, contact);
    const keys = this.byFlow.get(contact.flow) ?? new Set();
    keys.add(key);
    this.byFlow.set(contact.flow, keys);
  }
}
