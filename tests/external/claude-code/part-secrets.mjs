// Neither prompt nor key is written anywhere, and what the program holds of a sign-in is left alone: seen by searching all that is left on
// disk and all that the kernel shows of running processes, and by tracing what Tuppence itself opens.
import fs from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { until } from '../lib/until.mjs';
import { readStream, startScene } from './lib/scene.mjs';

const canary = (name) => `canary${name}${randomBytes(9).toString('hex')}`;

/** What lies in a person's home of a sign-in. Made up; the program is told of another key, so that it has no use for it. */
function layOutSignIn(home, secret) {
  const folder = path.join(home, '.claude');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, '.credentials.json'), JSON.stringify({ claudeAiOauth: { accessToken: secret, refreshToken: `${secret}r`, expiresAt: 4102444800000, scopes: [] } }), { mode: 0o600 });
  fs.writeFileSync(path.join(home, '.claude.json'), JSON.stringify({ hasCompletedOnboarding: true, oauthAccount: { emailAddress: `${secret}@example.com` } }), { mode: 0o600 });
  return [path.join(folder, '.credentials.json'), path.join(home, '.claude.json')];
}

/** Files below a folder that hold one of the secrets: `path: name`. */
function filesWith(folder, secrets) {
  const found = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const named = Object.entries(secrets).filter(([, value]) => file.includes(value)).map(([name]) => `${file}: ${name} in its name`);
    found.push(...named);
    if (!entry.isFile()) continue;
    let bytes;
    try { bytes = fs.readFileSync(file); } catch { continue; } // gone meanwhile
    found.push(...Object.entries(secrets).filter(([, value]) => bytes.includes(value)).map(([name]) => `${path.relative(folder, file)}: ${name}`));
  }
  return found;
}

/** Looks again and again at what the kernel shows of all processes. `stop` gives what was seen. */
function watchProcesses(secrets) {
  const seen = new Set();
  let looks = 0;
  const timer = setInterval(() => {
    looks++;
    for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      for (const part of ['cmdline', 'environ']) {
        try {
          const bytes = fs.readFileSync(`/proc/${pid}/${part}`);
          for (const [name, value] of Object.entries(secrets)) if (bytes.includes(value)) seen.add(`${part} of ${bytes.subarray(0, 60).toString().replaceAll('\0', ' ')}: ${name}`);
        } catch { /* gone meanwhile */ }
      }
    }
  }, 25);
  return () => { clearInterval(timer); return { seen: [...seen], looks }; };
}

export async function canaries({ book, binary, dir, api, note }) {
  const secrets = Object.fromEntries(['System', 'History', 'Message', 'ToolInput', 'ToolResult', 'ToolName', 'Reasoning', 'ClientKey', 'Answer'].map((name) => [name, canary(name)]));
  const signIn = canary('SignIn');
  // What may stand in the environment that Tuppence is started from. The program would talk to nobody at that address.
  const own = { ANTHROPIC_BASE_URL: 'http://127.0.0.1:9', ANTHROPIC_API_KEY: canary('OwnKey'), ANTHROPIC_AUTH_TOKEN: canary('OwnToken'), CLAUDE_CODE_EXTRA_BODY: '{"temperature":0.1}', ANTHROPIC_CUSTOM_HEADERS: 'x-own: 1' };
  const scene = await startScene({ binary, dir, baseUrl: api.url, config: { log_level: 'trace' }, ready: false, env: own });
  const lies = layOutSignIn(scene.home, signIn);
  const body = (scenario, members = {}) => ({
    model: 'claude-sonnet-4-5', max_tokens: 2048, stream: true, system: [{ type: 'text', text: secrets.System }],
    tools: [{ name: 'look', description: secrets.ToolName, input_schema: { type: 'object' } }],
    messages: [
      { role: 'user', content: secrets.History },
      { role: 'assistant', content: [{ type: 'thinking', thinking: secrets.Reasoning, signature: 'c2ln' }, { type: 'tool_use', id: 'toolu_1', name: 'look', input: { a: secrets.ToolInput } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: secrets.ToolResult }, { type: 'text', text: `${secrets.Message} [scn:${scenario}]` }] },
    ], ...members,
  });
  const headers = { 'x-api-key': secrets.ClientKey };
  const stopWatching = watchProcesses({ ...secrets, signIn });
  // What the program makes of its own sign-in below its home is its own affair: it keeps copies of its settings.
  const everywhere = () => [
    ...filesWith(dir, secrets), ...[scene.tmp, path.join(dir, 'gateway')].flatMap((folder) => filesWith(folder, { signIn })),
  ];
  try {
    await book.case('canary/the requests of this part reach the API', async () => {
      await scene.ready();
      for (const scenario of ['text', 'maxtok', 'e401', 'e400', 'e429', 'midstream', 'tool']) {
        const response = await scene.post(body(scenario), { headers });
        await readStream(response);
      }
      const whole = await scene.post(body('text', { stream: false }), { headers });
      await whole.text();
      const refused = await scene.post(body('text', { messages: [{ role: 'user', content: secrets.Message }, { role: 'assistant', content: secrets.History }] }), { headers });
      await refused.text();
      await fetch(`${scene.url}/v1/messages?q=1`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' }, body: `{"model": ${secrets.Message}` }).then((r) => r.text());
      for (const [name, value] of Object.entries(secrets)) {
        if (['ClientKey', 'Answer'].includes(name) !== !api.of(value).length) return `${name} reached the API in ${api.of(value).length} requests`;
      }
      return api.messages.some((request) => request.headRaw.includes(secrets.ClientKey)) ? 'the client\'s key reached the API' : '';
    });
    await book.case('canary/nothing of it is in a file while Tuppence runs', () => everywhere().join(', '));
    await book.case('canary/nor after clients that left', async () => {
      for (const scenario of ['endless', 'silent']) {
        const leaving = new AbortController();
        const asked = scene.post(body(scenario), { headers, signal: leaving.signal }).then(readStream).catch(() => {});
        const n = api.messages.length;
        await until('request', () => api.messages.length > n, 15_000);
        leaving.abort();
        await asked;
      }
      await until('end of the processes', () => scene.programs().length <= 1);
      return everywhere().join(', ');
    });
    await book.case('canary/nor after kills in mid-stream', async () => {
      for (let i = 0; i < 2; i++) {
        const n = api.messages.length;
        scene.post(body('endless'), { headers }).then(readStream).catch(() => {});
        await until('request', () => api.messages.length > n, 15_000);
        await scene.gateway.kill();
        await until('end of the processes', () => !scene.processes().length, 5000);
        await scene.restart();
      }
      return everywhere().join(', ');
    });
  } finally {
    await scene.stop();
  }
  await book.case('canary/nor after the end', () => everywhere().join(', '));
  await book.case('canary/nothing of Tuppence\'s own environment that concerns the API reached the program', () => {
    const wrong = api.messages.find(({ headRaw, json }) => !/^x-api-key: sk-ant-dummy\r$/mi.test(headRaw) || /x-own|authorization/i.test(headRaw) || json.temperature === 0.1);
    return wrong ? `${wrong.headRaw} ${wrong.json.temperature}` : '';
  });
  await book.case('canary/no process showed any of it in its arguments or environment', () => {
    const { seen, looks } = stopWatching();
    note(`arguments and environments of all processes looked at ${looks} times`);
    return looks < 20 ? `only ${looks} looks` : seen.join(', ');
  });
  await book.case('canary/the sign-in lies as it lay', () => (lies.every((file) => fs.readFileSync(file, 'utf8').includes(signIn)) ? '' : 'it was changed'));
}

// ---- tracing

const CALLS = 'trace=%file,getdents64,getdents,execve,execveat,clone,clone3,fork,vfork';

/** Calls of Tuppence's own processes and of the others: a process is Tuppence's until it becomes another program. */
function readTrace(file, binary) {
  const ours = [];
  const others = [];
  const foreign = new Set();
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    const [, pid, call] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (!call) continue;
    const ran = /^execve(?:at)?\((?:AT_FDCWD, )?"([^"]+)".* = 0$/.exec(call)?.[1] ?? (/^<\.\.\. execve(?:at)? resumed>.* = 0$/.test(call) ? 'unknown' : null);
    if (ran && path.resolve(ran) !== path.resolve(binary) && path.basename(ran) !== 'dotnet') foreign.add(pid);
    (foreign.has(pid) ? others : ours).push(call);
    const child = /^(?:<\.\.\. )?(?:v?fork|clone3?)\b.* = (\d+)$/.exec(call)?.[1];
    if (child && foreign.has(pid)) foreign.add(child);
  }
  return { ours, others };
}

/** Runs Tuppence under strace, uses the upstream in every way, and looks at what was opened. */
export async function traced({ book, binary, dir, api, note }) {
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(dir, { recursive: true });
  const trace = path.join(`${dir}-trace.log`);
  const scene = await startScene({ binary, dir, baseUrl: api.url, ready: false, before: ['strace', '-f', '-qq', '-s', '300', '-e', CALLS, '-o', trace] });
  const lies = layOutSignIn(scene.home, canary('SignIn'));
  try {
    await book.case('trace/the upstream is used as ever', async () => {
      await until('program that is ready', async () => (await scene.state())?.state === 'ready', 60_000);
      for (const scenario of ['text', 'e401', 'maxtok']) {
        const response = await scene.post({ model: 'claude-sonnet-4-5', max_tokens: 2048, stream: true, messages: [{ role: 'user', content: `Hi [scn:${scenario}]` }] });
        const { events } = await readStream(response);
        if (scenario !== 'e401' && response.status !== 200) return `${scenario}: ${response.status} ${JSON.stringify(events)}`;
      }
      for (const page of ['/auth/status?format=json', '/auth/login', '/', '/v1/models']) await (await fetch(scene.url + page)).text();
    });
  } finally {
    await scene.stop();
  }
  const { ours, others } = readTrace(trace, binary.endsWith('.dll') ? 'dotnet' : binary);
  const folder = path.join(scene.home, '.claude');
  const about = (calls) => calls.filter((call) => call.includes(folder) || /\.credentials|keychain|libsecret|keyring/i.test(call));
  await book.case('trace/the program itself looks at its sign-in, so that the trace would show it', () => (about(others).length ? '' : `nothing of ${others.length} calls`));
  await book.case('trace/Tuppence neither opens nor lists nor asks for any of it', () => {
    const home = ours.filter((call) => new RegExp(`"${scene.home}/?"`).test(call) && /openat|open\(/.test(call));
    note(`${ours.length} calls of Tuppence about files, ${others.length} of the program; about the program's sign-in: ${about(ours).length} and ${about(others).length}`);
    return ours.length < 100 ? `only ${ours.length} calls of Tuppence were seen` : [...about(ours), ...home].slice(0, 5).join(' | ');
  });
  return lies;
}
