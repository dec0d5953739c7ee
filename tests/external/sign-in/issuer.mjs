// A certified authorization server (npm oidc-provider) on 127.0.0.1 with a page that asks the person, so that a browser can be
// worked by clicks. The public client "tuppence" has PKCE S256, a loopback redirect with any port, the device flow and rotation.
import http from 'node:http';
import { once } from 'node:events';
import Provider from 'oidc-provider';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const page = (title, body) => `<!doctype html><title>${title}</title><h1>${title}</h1>${body}`;
const button = (action, name) => `<form method="post" action="${action}"><button>${name}</button></form>`;

/** @param {{ accessSeconds: number }} o  life of access tokens */
export async function startIssuer({ accessSeconds }) {
  const server = http.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const events = [];
  const refreshTokens = [];

  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'tuppence',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      grant_types: ['authorization_code', 'refresh_token', DEVICE_GRANT],
      response_types: ['code'],
      redirect_uris: ['http://127.0.0.1/callback'],
    }],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    ttl: { AccessToken: accessSeconds, AuthorizationCode: 60, DeviceCode: 300, IdToken: 3600, RefreshToken: 86400, Grant: 86400, Session: 86400, Interaction: 600 },
    scopes: ['openid', 'offline_access', 'email'],
    claims: { openid: ['sub'], email: ['email'] },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form) => { ctx.body = page('Enter your code', `${form}<button type="submit" form="op.deviceInputForm">Next</button>`); },
        userCodeConfirmSource: (ctx, form) => {
          ctx.body = page('Confirm', `${form}<button type="submit" form="op.deviceConfirmForm">Yes</button>`
            + '<button type="submit" form="op.deviceConfirmForm" name="abort" value="yes">No</button>');
        },
        successSource: (ctx) => { ctx.body = page('Device signed in', ''); },
      },
    },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@example.test` }) }),
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ['for-tests-only'] },
    loadExistingGrant: async (ctx) => {
      const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid offline_access email');
      await grant.save();
      return grant;
    },
    issueRefreshToken: (ctx, client, code) => client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
  });
  for (const name of ['grant.success', 'grant.error', 'grant.revoked', 'server_error']) {
    provider.on(name, (ctx, error) => events.push({ name, grant: ctx?.oidc?.params?.grant_type, error: error?.error ?? error?.message }));
  }
  provider.on('refresh_token.saved', (token) => refreshTokens.push(token.jti));

  const answer = provider.callback();
  server.on('request', async (req, res) => {
    const [, uid, choice] = /^\/interaction\/([^/?]+)(?:\/(login|deny))?/.exec(req.url) ?? [];
    if (!uid) return answer(req, res);
    try {
      const { prompt } = await provider.interactionDetails(req, res);
      if (!choice) {
        if (prompt.name === 'consent') return await provider.interactionFinished(req, res, { consent: {} }, { mergeWithLastSubmission: true });
        res.writeHead(200, { 'content-type': 'text/html' });
        return res.end(page('Company login', button(`/interaction/${uid}/login`, 'Sign in as Alice') + button(`/interaction/${uid}/deny`, 'Decline')));
      }
      const result = choice === 'login' ? { login: { accountId: 'alice' } } : { error: 'access_denied', error_description: 'Alice declined' };
      return await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
    } catch (e) {
      res.writeHead(500).end(String(e));
      return undefined;
    }
  });

  return {
    issuer,
    events,
    /** How many grants of a kind succeeded. */
    count: (grant) => events.filter((e) => e.name === 'grant.success' && e.grant === grant).length,
    /** Whether an access token is good now. */
    accepts: async (token) => (await provider.AccessToken.find(token))?.isValid ?? false,
    /** How many refresh tokens there have been. */
    get refreshTokens() { return refreshTokens.length; },
    /** Whether any refresh token from the n-th on is still good. */
    holdsRefreshToken: async (n = 0) => (await Promise.all(refreshTokens.slice(n).map((id) => provider.RefreshToken.find(id)))).some((token) => token?.isValid),
    stop: async () => { server.closeAllConnections(); server.close(); await once(server, 'close'); },
  };
}
