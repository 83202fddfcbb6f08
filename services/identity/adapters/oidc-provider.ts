import * as oidc from 'openid-client';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { IdentityProvider } from '../ports.js';

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** The claim that contains the name of the account here. */
  readonly claim: string;
  /** The provider always requires a second factor, even when its tokens do not say so. */
  readonly asksSecondFactor: boolean;
  /** `https://host[:port]` of the pages. */
  readonly origin: string;
}

/** Values of `amr` that mean more than one factor (RFC 8176 section 2). */
const MULTI_FACTOR = ['mfa', 'otp', 'hwk', 'sc'];

const TIMEOUT_S = 10;

/**
 * OpenID Connect by the authorization code flow with PKCE (RFC 7636), state and nonce. The metadata of the provider is read on first use,
 * only over TLS.
 */
export function createOidcProvider({ issuer, clientId, clientSecret, claim, asksSecondFactor, origin }: OidcSettings): IdentityProvider {
  const returnTo = `${origin}/api/session/single-sign-on/return`;
  let discovered: Promise<oidc.Configuration> | undefined;

  async function configuration(): Promise<oidc.Configuration> {
    discovered ??= oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, { timeout: TIMEOUT_S });
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw new CallCentreError('service-unavailable', 'The identity provider cannot be reached.', { cause: error });
    }
  }

  return {
    async begin() {
      const kept = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
      const address = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: returnTo,
        scope: 'openid profile email',
        code_challenge: await oidc.calculatePKCECodeChallenge(kept.verifier),
        code_challenge_method: 'S256',
        state: kept.state,
        nonce: kept.nonce,
      });
      return { address: address.href, kept };
    },

    async finish(query, { state, nonce, verifier }) {
      const config = await configuration();
      let claims: oidc.IDToken | undefined;
      try {
        const tokens = await oidc.authorizationCodeGrant(config, new URL(`${returnTo}?${query}`), {
          pkceCodeVerifier: verifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        });
        claims = tokens.claims();
      } catch (error) {
        throw new CallCentreError('not-signed-in', 'The identity provider confirmed no identity.', {
          cause: error,
          details: { need: 'provider' },
        });
      }
      const name = claims?.[claim];
      if (typeof name !== 'string' || name === '')
        throw new CallCentreError('not-signed-in', 'The identity provider does not identify itself.', { details: { need: 'account' } });
      const methods = Array.isArray(claims?.amr) ? claims.amr : [];
      return {
        name,
        secondFactor: asksSecondFactor || methods.some((method) => typeof method === 'string' && MULTI_FACTOR.includes(method)),
      };
    },
  };
}
