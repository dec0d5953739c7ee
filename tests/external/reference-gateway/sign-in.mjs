#!/usr/bin/env node
// The official reference gateway as an upstream: sign in by its device flow, chat, refresh, sign out. Everything real but the person
// at the browser and the API behind the gateway.
//   node sign-in.mjs --gateway PATH --dir DIR
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { once } from 'node:events';
import Anthropic from '@anthropic-ai/sdk';
import { allow, option } from '../lib/args.mjs';
import { Book } from '../lib/book.mjs';
import { freePort, leakIn, onInterrupt, startGateway } from '../lib/gateway.mjs';
import { startClaudeGateway } from './lib/claude-gateway.mjs';
import { startIdentityProvider } from './lib/identity-provider.mjs';
import { approve } from './lib/person.mjs';
import { startPostgres } from './lib/postgres.mjs';
import { run, start } from './lib/processes.mjs';
import { until } from '../lib/until.mjs';

// Short enough to see several refreshes, long enough for a sign-in on a busy machine.
const SESSION_SECONDS = 20;

allow('gateway', 'dir');
const program = path.resolve(option('gateway', ''));
const dir = path.resolve(option('dir', 'artifacts'));
fs.rmSync(dir, { recursive: true, force: true });
fs.mkdirSync(dir, { recursive: true });
const book = new Book('reference-gateway');
const stops = [];
const stopAll = async () => { for (const stop of stops.splice(0).reverse()) await stop(); };
onInterrupt(stopAll);

/** The API behind the reference gateway. Tells what reached it. */
async function startApi() {
  const requests = [];
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (data) => { text += data; });
    request.on('end', () => {
      requests.push({ path: request.url, headers: request.headers, text });
      const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5', content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 3, output_tokens: 1 } };
      if (!text.includes('"stream":true')) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ ...message, content: [{ type: 'text', text: 'Hello, Alice.' }], stop_reason: 'end_turn' }));
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const event = (type, members) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`);
      event('message_start', { message });
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hello, ' } });
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Alice.' } });
      event('content_block_stop', { index: 0 });
      event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 4 } });
      event('message_stop', {});
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, requests, stop: () => { server.closeAllConnections(); server.close(); } };
}

const tuppence = (...args) => (program.endsWith('.dll') ? ['dotnet', [program, ...args]] : [program, args]);
const signedOut = { env: { PATH: process.env.PATH, HOME: dir, TUPPENCE_USE_KEY_STORE: 'false', TUPPENCE_STATE_DIRECTORY: path.join(dir, 'tuppence', 'state') }, cwd: dir };

/** `tuppence login`, with a person who confirms the code that it prints. */
async function login(configFile, options = signedOut) {
  const [command, args] = tuppence('login', 'corp', '--config', configFile);
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { out += data; });
  const closed = once(child, 'close');
  const code = await until('code to confirm', () => /enter the code ([A-Z0-9-]+)/.exec(out)?.[1] || (child.exitCode !== null && `ended: ${out}`));
  if (code.startsWith('ended')) throw new Error(code);
  const page = await approve(`${/open (http:\S+)/.exec(out)[1]}?user_code=${code}`);
  const [exit] = await closed;
  return { code: exit, out, page };
}

/** No display, a home that cannot be written, all addresses: what a container gives. */
async function inContainer() {
  const port = await freePort();
  const file = path.join(dir, 'container.json');
  const key = 'a-gateway-key-of-some-length';
  fs.writeFileSync(file, JSON.stringify({ port, upstream: 'corp', upstreams: { corp: { url: corp.url, sign_in: { issuer: corp.url } } } }));
  const opened = path.join(dir, 'opened');
  fs.writeFileSync(path.join(dir, 'browser'), `#!/bin/sh\necho "$1" >> ${opened}\n`, { mode: 0o755 });
  // Nothing can be made below /proc, not even by root.
  const readOnly = { env: { PATH: process.env.PATH, HOME: '/proc', BROWSER: path.join(dir, 'browser'), DOTNET_RUNNING_IN_CONTAINER: 'true', TUPPENCE_USE_KEY_STORE: 'false' }, cwd: dir };
  const writable = { ...readOnly, env: { ...readOnly.env, TUPPENCE_STATE_DIRECTORY: path.join(dir, 'mounted') } };
  const ask = (headers) => fetch(`http://127.0.0.1:${port}/v1/messages`, {
    method: 'POST', headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...headers }, body: JSON.stringify(hello),
  }).then(async (r) => ({ status: r.status, text: await r.text() }), (e) => ({ status: 0, text: String(e) }));

  await book.case('container: without a gateway key it refuses to start and binds nothing', async () => {
    const { code, out } = await run(...tuppence('--config', file), readOnly);
    return code === 78 && /gateway_keys/.test(out) && (await ask({})).status === 0 ? '' : `${code} ${out}`;
  });
  await book.case('container: the sign-in is offered as a code, and no browser is opened', async () => {
    const { code, out } = await login(file, readOnly);
    return code !== 0 && /could not be kept/.test(out) && out.includes('/proc/.tuppence') && !fs.existsSync(opened) ? '' : `${code} ${out}`;
  });
  await book.case('container: with a folder to keep it in, the sign-in serves requests that carry the key', async () => {
    const [command, args] = tuppence('--config', file);
    const serving = start(command, args, { ...writable, env: { ...writable.env, TUPPENCE_GATEWAY_KEYS: key }, logFile: path.join(dir, 'container.log') });
    try {
      await until('gateway in the container', async () => (await ask({})).status !== 0);
      const steps = [(await ask({})).status, (await ask({ 'x-api-key': key })).status];
      const { code, out } = await login(file, writable);
      const answer = await ask({ 'x-api-key': key });
      steps.push(code, answer.status, (await ask({})).status);
      const log = fs.readFileSync(path.join(dir, 'container.log'), 'utf8');
      return steps.join() === '401,401,0,200,401' && log.includes('/auth/login') && !fs.existsSync(opened) ? '' : `${steps} ${out} ${answer.text} ${log}`;
    } finally {
      await serving.stop();
    }
  });
}

const api = await startApi();
stops.push(api.stop);
const port = await freePort();
const provider = await startIdentityProvider(await freePort(), `http://127.0.0.1:${port}/oauth/callback`);
stops.push(provider.stop);
const postgres = await startPostgres(path.join(dir, 'postgres'), await freePort());
stops.push(postgres.stop);
const corp = await startClaudeGateway({ dir, port, issuer: provider.issuer, postgresUrl: postgres.url, upstreamUrl: api.url, sessionSeconds: SESSION_SECONDS });
stops.push(corp.stop);
const gateway = await startGateway({
  binary: program,
  dir: path.join(dir, 'tuppence'),
  config: { upstream: 'corp', upstreams: { corp: { url: corp.url, sign_in: { issuer: corp.url } } }, retry: { max_retries: 0 }, log_level: 'trace' },
});
stops.push(gateway.stop);
const configFile = path.join(dir, 'tuppence', 'tuppence.json');
const client = new Anthropic({ baseURL: gateway.url, apiKey: 'any-value', maxRetries: 0, logLevel: 'off' });
const hello = { model: 'claude-sonnet-4-5', max_tokens: 64, messages: [{ role: 'user', content: 'Hello' }] };
const chat = async () => (await client.messages.create(hello)).content[0].text;
const stateFiles = () => fs.readdirSync(path.join(dir, 'tuppence', 'state'));

try {
  await book.case('before the sign-in a request is answered 401 with the address to open', async () => {
    const error = await chat().then((text) => ({ message: `answered ${text}` }), (e) => e);
    return error.status === 401 && error.type === 'authentication_error' && error.message.includes('/auth/login') ? '' : `${error.status} ${error.message}`;
  });
  await book.case('login shows the code, and ends well once it is confirmed', async () => {
    const { code, out, page } = await login(configFile);
    return code === 0 && page.status === 200 && /signed in/i.test(out) ? '' : `${code}, page ${page.status}: ${out}`;
  });
  await book.case('a chat goes through, with the gateway\'s own key behind it', async () => {
    const text = await chat();
    const seen = api.requests.at(-1);
    return text === 'Hello, Alice.' && seen.headers['x-api-key'] === 'sk-upstream-key' && !seen.headers.authorization ? '' : `${text} ${JSON.stringify(seen.headers)}`;
  });
  await book.case('a stream goes through', async () => {
    const message = await client.messages.stream(hello).finalMessage();
    return message.content[0].text === 'Hello, Alice.' && message.usage.output_tokens === 4 ? '' : JSON.stringify(message);
  });
  await book.case('status says who is signed in, and shows no token', async () => {
    const { code, out } = await run(...tuppence('status', '--json', '--config', configFile), signedOut);
    return code === 0 && out.includes('corp') && !/eyJ/.test(out) ? '' : `${code} ${out}`;
  });
  await book.case('three lives of the token long every request is answered', async () => {
    const start = Date.now();
    let asked = 0;
    while (corp.count('session.refresh', 'success') < 3) {
      if (Date.now() - start > 5 * SESSION_SECONDS * 1000) return `${corp.count('session.refresh', 'success')} refreshes in ${asked} requests`;
      const texts = await Promise.all([chat(), chat(), chat()]);
      asked += texts.length;
      if (texts.some((text) => text !== 'Hello, Alice.')) return texts.join();
      await new Promise((r) => setTimeout(r, 200));
    }
  });
  await book.case('no refresh token was used twice', () => (corp.count('session.refresh', 'fail') === 0 ? '' : `${corp.count('session.refresh', 'fail')} refused`));
  await book.case('the tokens lie encrypted in a file of the owner alone', () => {
    const folder = path.join(dir, 'tuppence', 'state');
    const wrong = stateFiles().map((name) => path.join(folder, name)).filter((file) => (fs.statSync(file).mode & 0o077) !== 0 || /eyJ/.test(fs.readFileSync(file, 'utf8')));
    return (fs.statSync(folder).mode & 0o077) === 0 && !wrong.length ? '' : wrong.join();
  });
  await book.case('logout signs out, and the next request is 401 again', async () => {
    const { code, out } = await run(...tuppence('logout', 'corp', '--config', configFile), signedOut);
    if (code !== 0) return `${code} ${out}`;
    return chat().then((text) => `answered ${text}`, (e) => (e.status === 401 ? '' : e.message));
  });
  await book.case('a second sign-in works like the first', async () => {
    const { code, out } = await login(configFile);
    return code === 0 && await chat() === 'Hello, Alice.' ? '' : `${code} ${out}`;
  });
  await inContainer();
  await book.case('nothing in the log looks like a credential', () => leakIn(gateway.logFile, ['sk-upstream-key']));
} catch (e) {
  book.add('the suite ran to its end', e.stack);
} finally {
  await stopAll();
}

book.done();
process.exit();
