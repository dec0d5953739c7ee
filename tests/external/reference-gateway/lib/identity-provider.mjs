// The company's identity provider behind the reference gateway: npm oidc-provider, where alice is always signed in and consents.
import http from 'node:http';
import { once } from 'node:events';
import { Provider } from 'oidc-provider';

export async function startIdentityProvider(port, redirectUri) {
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'gw', client_secret: 'gw-secret', application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], redirect_uris: [redirectUri],
    }],
    pkce: { required: () => false },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    rotateRefreshToken: true,
    features: { devInteractions: { enabled: false } },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.test`, email_verified: true, name: id }) }),
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['cookie-key'] },
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid offline_access email profile');
      await grant.save();
      return grant;
    },
  });
  const pages = provider.callback();
  const server = http.createServer(async (request, response) => {
    if (!request.url.startsWith('/interaction/')) {
      pages(request, response);
      return;
    }
    try {
      const { prompt } = await provider.interactionDetails(request, response);
      const result = prompt.name === 'login' ? { login: { accountId: 'alice' } } : { consent: {} };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
    } catch (e) {
      response.writeHead(500).end(String(e));
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { issuer, stop: () => { server.closeAllConnections(); server.close(); } };
}
