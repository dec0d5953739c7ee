// Signing in with Tuppence in real Chromium at a certified authorization server.
//   node sign-in.mjs --gateway PATH [--dir DIR]
// The browser that Tuppence opens is a stub that notes the address; Chromium then goes there, as a person's browser would.
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import Anthropic from '@anthropic-ai/sdk';
import { chromium } from 'playwright-core';
import { allow, option } from '../lib/args.mjs';
import { Book } from '../lib/book.mjs';
import { launch } from '../lib/chromium.mjs';
import { onInterrupt, startGateway } from '../lib/gateway.mjs';
import { until } from '../lib/until.mjs';
import { startIssuer } from './issuer.mjs';

allow('gateway', 'dir');
const binary = option('gateway', null);
if (!binary) {
  console.error('--gateway PATH is needed');
  process.exit(2);
}
const dir = path.resolve(option('dir', path.join(os.tmpdir(), 'tuppence-sign-in')));
fs.rmSync(dir, { recursive: true, force: true });
fs.mkdirSync(dir, { recursive: true });

// Long enough for a refresh ahead of the end on a busy machine.
const ACCESS_SECONDS = 12;
const PATIENCE_MS = 30_000;

const book = new Book('sign-in');
const ending = [];
const end = async () => { for (const stop of ending.splice(0).reverse()) await stop().catch((e) => console.error(e)); };
onInterrupt(end);

const issuer = await startIssuer({ accessSeconds: ACCESS_SECONDS });
ending.push(() => issuer.stop());

// The upstream takes what the issuer calls a good token, and nothing else.
const seen = [];
const upstream = http.createServer(async (req, res) => {
  for await (const _ of req) { /* the body is of no interest */ }
  const token = (req.headers.authorization ?? '').replace(/^Bearer /, '');
  const good = await issuer.accepts(token);
  seen.push({ token, good, key: req.headers['x-api-key'] });
  const body = good
    ? { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [{ type: 'text', text: 'hello' }], stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } }
    : { type: 'error', error: { type: 'authentication_error', message: 'bad token' } };
  res.writeHead(good ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
upstream.listen(0, '127.0.0.1');
await once(upstream, 'listening');
ending.push(async () => { upstream.closeAllConnections(); upstream.close(); });

// What Tuppence takes for the user's browser.
const opened = path.join(dir, 'opened');
fs.mkdirSync(path.join(dir, 'bin'));
fs.writeFileSync(path.join(dir, 'bin', 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >> '${opened}'\n`, { mode: 0o755 });
process.env.PATH = `${path.join(dir, 'bin')}:${process.env.PATH}`;
process.env.DISPLAY = ':99';
process.env.DOTNET_RUNNING_IN_CONTAINER = 'false';
delete process.env.SSH_CONNECTION;

const configOf = (signIn = {}) => ({
  auto_open_browser: 'on',
  state_directory: path.join(dir, 'state'),
  upstream: 'work',
  upstreams: { work: { url: `http://127.0.0.1:${upstream.address().port}`, sign_in: { issuer: issuer.issuer, client_id: 'tuppence', scopes: ['openid', 'offline_access', 'email'], ...signIn } } },
  retry: { max_retries: 0 },
});
const gateway = await startGateway({ binary, dir, config: configOf() });
ending.push(() => gateway.stop());

const browser = await launch(chromium);
ending.push(() => browser.close());

/** Runs in a tab of a fresh profile. */
async function inTab(run) {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    return await run(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

/** Begins at our page and stops at the issuer's. */
async function begin(page, url = `${gateway.url}/auth/login`) {
  await page.goto(url);
  await page.getByRole('button', { name: /in this browser/ }).click();
  await page.waitForURL(`${issuer.issuer}/**`);
}

/** The authorization request that Tuppence makes, taken off the redirect. */
async function requestOf(page) {
  const request = page.waitForRequest((r) => r.url().startsWith(`${issuer.issuer}/auth?`));
  await begin(page);
  return new URL((await request).url()).searchParams;
}

const heading = (page) => page.getByRole('heading').first().textContent();
const status = async () => (await (await fetch(`${gateway.url}/auth/status`, { headers: { accept: 'application/json' } })).json()).upstreams[0];
// As front ends do that insist on a key: a bearer token of its own would come before the sign-in.
const client = new Anthropic({ baseURL: gateway.url, apiKey: 'anything', defaultHeaders: { authorization: null, 'x-api-key': 'anything' }, maxRetries: 0 });
const ask = () => client.messages.create({ model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] });
const expect = (what, actual, wanted) => (actual === wanted ? '' : `${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`);

let first;
await book.case('first start opens the browser at the sign-in page', async () => {
  first = await until('the browser', () => fs.existsSync(opened) && fs.readFileSync(opened, 'utf8').trim());
  return expect('address', first, `${gateway.url}/auth/login`);
});

await book.case('before the sign-in a request gets 401 with the address', async () => {
  try {
    await ask();
    return 'it was answered';
  } catch (e) {
    return e.status === 401 && e.message.includes('/auth/login') ? '' : `${e.status} ${e.message}`;
  }
});

await book.case('sign in by clicks: issuer, back, done', async () => inTab(async (page) => {
  await begin(page, first);
  await page.getByRole('button', { name: 'Sign in as Alice' }).click();
  await page.waitForURL(/127\.0\.0\.1:\d+\/callback/);
  const text = await page.textContent('body');
  const now = await status();
  const again = await page.reload();
  return expect('heading', text.includes('You are signed in') && text.includes('alice@example.test'), true)
    || expect('status', `${now.signed_in} ${now.account}`, 'true alice@example.test')
    || expect('replayed', again.status(), 409)
    || expect('heading of the replay', await heading(page), 'This answer was already used')
    || expect('codes exchanged', issuer.count('authorization_code'), 1);
}));

await book.case('an SDK request goes up with the bearer token and without the client\'s key', async () => {
  const answer = await ask();
  const call = seen.at(-1);
  return expect('text', answer.content[0].text, 'hello') || expect('token', call.good, true) || expect('key', call.key, undefined);
});

await book.case('expired tokens are refreshed, with rotation, and no request sees it', async () => {
  const before = seen.at(-1).token;
  const refreshes = issuer.count('refresh_token');
  await until('a new token', async () => {
    await ask();
    return seen.at(-1).token !== before;
  });
  return expect('refused calls', seen.filter((call) => call.token && !call.good).length, 0)
    || expect('refreshed', issuer.count('refresh_token') > refreshes, true)
    || expect('reuse', issuer.events.filter((e) => e.name === 'grant.revoked' || e.name === 'grant.error').length, 0);
});

await book.case('sign out revokes at the issuer', async () => inTab(async (page) => {
  await page.goto(`${gateway.url}/auth/status`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${gateway.url}/auth/logout`);
  const text = await heading(page);
  const refused = await ask().then(() => 'answered', (e) => e.status);
  return expect('heading', text, 'You are signed out') || expect('refresh token', await issuer.holdsRefreshToken(), false) || expect('a request', refused, 401);
}));

await book.case('device flow: the code on another device, the page tells', async () => inTab(async (page) => {
  await page.goto(`${gateway.url}/auth/login`);
  await page.getByRole('button', { name: 'Use a code' }).click();
  await page.waitForURL(/flow=/);
  const code = (await page.textContent('.code')).trim();
  const address = await page.locator('section a').textContent();
  await inTab(async (other) => {
    await other.goto(address);
    await other.fill('input[name=user_code]', code);
    await other.getByRole('button', { name: 'Next' }).click();
    await other.getByRole('button', { name: 'Yes' }).click();
    await other.getByRole('button', { name: 'Sign in as Alice' }).click();
    await other.getByRole('heading', { name: 'Device signed in' }).waitFor();
  });
  await page.getByRole('heading', { name: 'You are signed in' }).waitFor();
  return expect('signed in', (await status()).signed_in, true) || expect('text', (await ask()).content[0].text, 'hello');
}));

await book.case('denial: a clear page, nothing changed', async () => inTab(async (page) => {
  await begin(page);
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.waitForURL(/\/callback/);
  return expect('heading', await heading(page), 'Signing in was declined') || expect('still signed in', (await status()).signed_in, true);
}));

await book.case('wrong state: refused, and the right answer still counts', async () => inTab(async (page, context) => {
  const asked = await requestOf(page);
  const other = await context.newPage();
  await other.goto(`${asked.get('redirect_uri')}?code=x&state=wrong&iss=${encodeURIComponent(issuer.issuer)}`);
  const refused = await heading(other);
  await page.getByRole('button', { name: 'Sign in as Alice' }).click();
  await page.waitForURL(/\/callback/);
  return expect('heading', refused, 'This answer belongs to another sign-in') || expect('then', await heading(page), 'You are signed in');
}));

await book.case('wrong issuer: refused, no code sent', async () => inTab(async (page) => {
  const asked = await requestOf(page);
  const errors = issuer.events.length;
  await page.goto(`${asked.get('redirect_uri')}?code=stolen&state=${asked.get('state')}&iss=${encodeURIComponent('https://evil.example')}`);
  return expect('heading', await heading(page), 'The answer came from another issuer') || expect('events at the issuer', issuer.events.length, errors);
}));

await book.case('a made-up code: the issuer refuses it, a clear page', async () => inTab(async (page) => {
  const asked = await requestOf(page);
  await page.goto(`${asked.get('redirect_uri')}?code=made-up&state=${asked.get('state')}&iss=${encodeURIComponent(issuer.issuer)}`);
  return expect('heading', await heading(page), 'Signing in did not work') || expect('words', (await page.textContent('p')).includes('invalid_grant'), true);
}));

await book.case('a script in the issuer\'s words is text', async () => inTab(async (page) => {
  const asked = await requestOf(page);
  let ran = false;
  page.on('dialog', (dialog) => { ran = true; return dialog.dismiss(); });
  const words = '<script>alert(1)</script><img src=x onerror=alert(2)>';
  await page.goto(`${asked.get('redirect_uri')}?error=server_error&error_description=${encodeURIComponent(words)}&state=${asked.get('state')}&iss=${encodeURIComponent(issuer.issuer)}`);
  const elements = await page.locator('script, img').count();
  return expect('shown', (await page.textContent('p')).includes(words), true) || expect('elements', elements, 0) || expect('dialogs', ran, false);
}));

await book.case('a closed tab: the next sign-in works at once', async () => {
  await inTab((page) => begin(page));
  return inTab(async (page) => {
    await begin(page);
    await page.getByRole('button', { name: 'Sign in as Alice' }).click();
    await page.waitForURL(/\/callback/);
    return expect('heading', await heading(page), 'You are signed in');
  });
});

await book.case('a taken redirect port: tuppence login says so', async () => {
  const squatter = http.createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const file = path.join(dir, 'taken.json');
  fs.writeFileSync(file, JSON.stringify(configOf({ redirect_port: squatter.address().port })));
  const { code, text } = await tuppence('login', '--no-browser', '--config', file);
  squatter.close();
  return expect('exit code', code, 1) || expect('text', text.includes('is taken by another program'), true);
});

await book.case('tuppence login opens the browser and tells when it is done; status and logout', async () => {
  const file = path.join(dir, 'tuppence.json');
  fs.rmSync(opened, { force: true });
  const before = issuer.refreshTokens;
  const login = tuppence('login', '--config', file);
  const url = await until('the browser', () => fs.existsSync(opened) && fs.readFileSync(opened, 'utf8').trim());
  await inTab(async (page) => {
    await page.goto(url);
    await page.getByRole('button', { name: 'Sign in as Alice' }).click();
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor();
  });
  const { code, text } = await login;
  const told = await tuppence('status', '--config', file);
  const out = await tuppence('logout', '--config', file);
  return expect('exit code', code, 0) || expect('text', text.includes('Signed in as alice@example.test'), true)
    || expect('status', `${told.code} ${told.text.includes('signed in as alice@example.test')}`, '0 true')
    || expect('logout', `${out.code} ${out.text.includes('revoked at the issuer')}`, '0 true')
    || expect('refresh token given', issuer.refreshTokens > before, true)
    || expect('refresh token', await issuer.holdsRefreshToken(before), false);
});

await book.case('a running gateway notices that someone signed out elsewhere', async () => expect('a request', await ask().then(() => 'answered', (e) => e.status), 401));

await book.case('no token stands in the log or in what was printed', async () => {
  const text = fs.readFileSync(gateway.logFile, 'utf8') + fs.readFileSync(path.join(dir, 'commands.log'), 'utf8');
  return expect('tokens found', seen.filter((call) => call.token && text.includes(call.token)).length, 0);
});

/** Runs a command of the program. */
async function tuppence(...args) {
  const program = path.resolve(binary);
  const [command, before] = program.endsWith('.dll') ? ['dotnet', [program]] : [program, []];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TUPPENCE_|ANTHROPIC_)/.test(name)));
  const child = spawn(command, [...before, ...args], { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { text += data; });
  const [code] = await once(child, 'close');
  fs.appendFileSync(path.join(dir, 'commands.log'), text);
  return { code, text };
}

await end();
book.done();
process.exit();
