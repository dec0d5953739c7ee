// Anthropic's own self-hosted gateway, out of the npm package of Claude Code, in front of a fake of the API.
import fs from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { start } from './processes.mjs';
import { until } from '../../lib/until.mjs';

const require = createRequire(import.meta.url);

/** @param {object} o  `sessionSeconds`: life of the access tokens that it mints */
export async function startClaudeGateway({ dir, port, issuer, postgresUrl, upstreamUrl, sessionSeconds }) {
  const program = path.join(path.dirname(require.resolve('@anthropic-ai/claude-code-linux-x64/package.json')), 'claude');
  const home = path.join(dir, 'home');
  fs.mkdirSync(home, { recursive: true });
  const url = `http://127.0.0.1:${port}`;
  const config = {
    listen: { host: '127.0.0.1', port, public_url: url },
    // The provider gives refresh tokens only where consent is asked for (OpenID Connect Core 1.0 section 11).
    oidc: { issuer, client_id: 'gw', client_secret: 'gw-secret', userinfo_fallback: true, extra_auth_params: { prompt: 'consent' } },
    session: { jwt_secret: randomBytes(32).toString('base64'), ttl_hours: sessionSeconds / 3600 },
    store: { postgres_url: postgresUrl },
    upstreams: [{ provider: 'anthropic', base_url: upstreamUrl, auth: { api_key: 'sk-upstream-key' } }],
    auto_include_builtin_models: true,
  };
  // JSON is YAML (YAML 1.2 section 1.3).
  const configFile = path.join(dir, 'gateway.yaml');
  fs.writeFileSync(configFile, JSON.stringify(config, null, 2));
  const logFile = path.join(dir, 'claude-gateway.log');
  const server = start(program, ['gateway', '--config', configFile], {
    logFile,
    env: {
      PATH: '/usr/bin:/bin', HOME: home, CLAUDE_GATEWAY_ALLOW_LOOPBACK: '1', DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  await until('reference gateway', async () => {
    if (server.ended) throw new Error(`the reference gateway ended: ${server.ended}; see ${logFile}`);
    return fetch(`${url}/.well-known/oauth-authorization-server`).then((r) => r.ok, () => false);
  });
  const events = () => fs.readFileSync(logFile, 'utf8').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  return {
    url,
    /** How often it logged `evt` with that result. */
    count: (evt, result) => events().filter((e) => e.evt === evt && e.result === result).length,
    stop: () => server.stop(),
  };
}
