import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { Provider } from 'oidc-provider';

/** The person whom the provider sees in the browser, and by which means it made sure. */
export interface Vouched {
  readonly name: string;
  readonly amr: readonly string[];
}

/** A certified OpenID Connect provider (panva's oidc-provider) over TLS, with one client that has to use PKCE. */
export class TestProvider implements AsyncDisposable {
  readonly issuer: string;
  /** The person whose session the browser has at the provider. */
  person: Vouched = { name: '', amr: [] };
  readonly #close: () => Promise<void>;

  private constructor(issuer: string, close: () => Promise<void>) {
    this.issuer = issuer;
    this.#close = close;
  }

  static async start(
    client: { readonly id: string; readonly secret: string; readonly returnTo: string },
    /** Of `localhost`. */
    { key, cert }: { readonly key: Buffer; readonly cert: Buffer },
  ): Promise<TestProvider> {
    const server = createServer({ key, cert }).listen(0, 'localhost');
    await once(server, 'listening');
    const address = server.address();
    const issuer = `https://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const provider = new Provider(issuer, {
      jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
      clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [client.returnTo] }],
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      // A person's name is in the ID token, as with most companies' providers.
      conformIdTokenClaims: false,
      claims: { openid: ['sub', 'amr'], profile: ['preferred_username'], email: ['email'] },
      interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_context, sub) => {
        const { name, amr } = JSON.parse(Buffer.from(sub, 'base64url').toString('utf8')) as Vouched;
        return { accountId: sub, claims: async () => ({ sub, preferred_username: name, amr }) };
      },
      cookies: { keys: ['a key of this test'] },
    });
    const made = new TestProvider(issuer, async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    const answer = provider.callback();
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/interaction/') !== true) return void answer(request, response);
      made.#letIn(provider, request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
    });
    return made;
  }

  /** Somebody is signed in already and has consented: no page is shown. */
  async #letIn(provider: Provider, ...exchange: Parameters<Provider['interactionDetails']>): Promise<void> {
    const { params } = await provider.interactionDetails(...exchange);
    const accountId = Buffer.from(JSON.stringify(this.person)).toString('base64url');
    const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
    grant.addOIDCScope('openid profile email');
    const grantId = await grant.save();
    await provider.interactionFinished(...exchange, { login: { accountId, amr: [...this.person.amr] }, consent: { grantId } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
