import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Binary } from 'bson';
import { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import type { Connection } from './server.js';

const iterations = 15_000;

/** What the store keeps of the one user it may have: no password, only what SCRAM needs (RFC 5802). */
export interface Credential {
  readonly user: string;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

export function credentialOf(user: string, password: string): Credential {
  const salt = randomBytes(28);
  // MongoDB prepares SCRAM-SHA-256 passwords with SASLprep; NFKC is the part of it that changes visible text.
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  return { user, salt, storedKey: createHash('sha256').update(clientKey).digest(), serverKey: hmac(salted, 'Server Key') };
}

interface Conversation {
  readonly clientFirst: string;
  readonly serverFirst: string;
  readonly nonce: string;
  readonly known: boolean;
  verified: boolean;
}

function isConversation(value: unknown): value is Conversation {
  return typeof value === 'object' && value !== null && 'serverFirst' in value;
}

/** The first step: a nonce and the salt. An unknown user gets a made-up salt, so that names cannot be probed. */
export function startScram(credential: Credential | undefined, connection: Connection, command: Doc): Doc {
  if (command.get('mechanism') !== 'SCRAM-SHA-256') {
    throw new MongoError('AuthenticationFailed', 'Only the mechanism SCRAM-SHA-256 is supported by this store');
  }
  const clientFirst = payloadOf(command).replace(/^n,[^,]*,/, '');
  const user = /(?:^|,)n=([^,]*)/.exec(clientFirst)?.[1]?.replaceAll('=2C', ',').replaceAll('=3D', '=');
  const clientNonce = /(?:^|,)r=([^,]*)/.exec(clientFirst)?.[1];
  if (user === undefined || clientNonce === undefined || clientNonce === '')
    throw new MongoError('AuthenticationFailed', 'Authentication failed.');
  const known = credential !== undefined && user === credential.user;
  const salt = known ? credential.salt : createHash('sha256').update(`no such user ${user}`).digest().subarray(0, 28);
  const nonce = clientNonce + randomBytes(18).toString('base64');
  const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`;
  const conversation: Conversation = { clientFirst, serverFirst, nonce, known, verified: false };
  connection.conversation = conversation;
  return reply(serverFirst, false);
}

/** The second step checks the proof; an empty third one ends the conversation where the client wants it. */
export function continueScram(credential: Credential | undefined, connection: Connection, command: Doc): Doc {
  const { conversation } = connection;
  if (!isConversation(conversation)) throw new MongoError('AuthenticationFailed', 'Authentication failed.');
  if (conversation.verified) {
    connection.conversation = undefined;
    connection.authenticated = true;
    return reply('', true);
  }
  const message = payloadOf(command);
  const [withoutProof = '', proof = ''] = message.split(',p=');
  const authMessage = `${conversation.clientFirst},${conversation.serverFirst},${withoutProof}`;
  if (
    !conversation.known ||
    credential === undefined ||
    !withoutProof.endsWith(`r=${conversation.nonce}`) ||
    !isProof(credential, authMessage, proof)
  ) {
    connection.conversation = undefined;
    throw new MongoError('AuthenticationFailed', 'Authentication failed.');
  }
  conversation.verified = true;
  connection.authenticated = true;
  return reply(`v=${hmac(credential.serverKey, authMessage).toString('base64')}`, false);
}

function isProof(credential: Credential, authMessage: string, proof: string): boolean {
  const given = Buffer.from(proof, 'base64');
  const signature = hmac(credential.storedKey, authMessage);
  if (given.length !== signature.length) return false;
  const clientKey = Buffer.from(given.map((byte, at) => byte ^ (signature[at] ?? 0)));
  return timingSafeEqual(createHash('sha256').update(clientKey).digest(), credential.storedKey);
}

function payloadOf(command: Doc): string {
  const payload = command.get('payload');
  if (!(payload instanceof Binary)) throw new MongoError('AuthenticationFailed', 'Authentication failed.');
  return Buffer.from(payload.buffer.subarray(0, payload.position)).toString('utf8');
}

function reply(payload: string, done: boolean): Doc {
  return Doc.of({ conversationId: 1, done, payload: new Binary(Buffer.from(payload)), ok: 1 });
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
