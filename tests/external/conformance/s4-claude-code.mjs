// s4. The real Claude Code program, headless, straight and through TARGET: what it prints and what it sends must be equal.
//   TARGET=http://127.0.0.1:PORT UPSTREAM_PORT=4111 node s4-claude-code.mjs        (no TARGET: self-check)
//   CLAUDE=/path/to/claude    another program than the pinned package's;  ONLY, VERBOSE, OUT: see ../lib/book.mjs
// It runs in a home of its own, without an account, and talks to 127.0.0.1 only.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fakeClaude } from './lib/fake-claude.mjs';
import { get } from './lib/wire.mjs';
import { Book } from '../lib/book.mjs';

const RUN_MS = 60_000;
const book = new Book('s4-claude-code');
const fake = await fakeClaude(Number(process.env.UPSTREAM_PORT || 4111));

function program() {
  if (process.env.CLAUDE) return process.env.CLAUDE;
  const platform = `@anthropic-ai/claude-code-${process.platform}-${process.arch}/package.json`;
  return path.join(path.dirname(createRequire(import.meta.url).resolve(platform)), process.platform === 'win32' ? 'claude.exe' : 'claude');
}

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

function claude(base, prompt, args, env) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'claude-home-'));
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'claude-cwd-'));
  const child = spawn(program(), [
    '-p', prompt, '--output-format', 'stream-json', '--include-partial-messages', '--verbose',
    '--model', 'claude-sonnet-4-6', '--max-turns', '2', ...args,
  ], {
    cwd,
    env: {
      PATH: '/usr/bin:/bin', HOME: home, ANTHROPIC_BASE_URL: base, ANTHROPIC_AUTH_TOKEN: 'sk-client-key',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1',
      CLAUDE_CODE_MAX_RETRIES: '1', ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  return new Promise((resolve, reject) => {
    let out = '';
    let err = '';
    child.stdout.on('data', (d) => { out += d; });
    child.stderr.on('data', (d) => { err += d; });
    const timer = setTimeout(() => child.kill('SIGKILL'), RUN_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      for (const dir of [home, cwd]) fs.rmSync(dir, { recursive: true, force: true });
      resolve({ code, out, err });
    });
  });
}

// ---- what is compared

const PER_RUN = /^(session_id|uuid|duration|request_id|timestamp|request-id|total_cost_usd|cwd|parent_tool_use_id)$|_ms$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** The lines of the program's output that tell of the answer, without what differs from run to run. */
const output = (text) => text.split('\n').filter(Boolean)
  .map((line) => { try { return JSON.parse(line); } catch { return { type: 'assistant', raw: line }; } })
  .filter((e) => /stream_event|assistant|result/.test(e.type))
  .map((e) => JSON.stringify(e, (key, value) => (PER_RUN.test(key) || UUID.test(value) ? undefined : value)));

/** A request without its per-run parts: credential values, ids, prompts with dates. */
function shape(req) {
  let body = {};
  try { body = JSON.parse(req.body); } catch { /* HEAD and the like */ }
  const varying = /^(host|connection|content-length|x-stainless-timeout)$/;
  return JSON.stringify({
    line: `${req.method} ${req.target}`,
    headers: req.headers.map(([name]) => name.toLowerCase()).filter((name) => !varying.test(name)).sort(),
    credential: [get(req.headers, 'authorization'), get(req.headers, 'x-api-key')],
    beta: get(req.headers, 'anthropic-beta'),
    version: get(req.headers, 'anthropic-version'),
    agent: get(req.headers, 'user-agent'),
    members: Object.keys(body),
    model: body.model,
    stream: body.stream,
    tools: body.tools?.map((t) => t.name),
    system: Array.isArray(body.system) ? body.system.length : typeof body.system,
    complete: req.complete,
  });
}

async function run(base, scenario, args, env) {
  fake.state.flaky = 0;
  const from = fake.requests.length;
  const { code, out, err } = await claude(base, `Say something. [scn:${scenario}]`, args, env);
  const requests = fake.requests.slice(from).map(shape).filter((r) => r.includes('/messages'));
  return { code, out, err, lines: output(out.replaceAll(new URL(base).host, 'HOST')), requests };
}

/** The first place where two lists differ, or ''. */
function firstDifference(what, expected, actual) {
  const n = Math.max(expected.length, actual.length);
  for (let i = 0; i < n; i++) {
    const a = expected[i] ?? 'nothing';
    const b = actual[i] ?? 'nothing';
    if (a === b) continue;
    let j = 0;
    while (j < a.length && a[j] === b[j]) j++;
    const around = (text) => text.slice(Math.max(0, j - 80), j + 120);
    return `${what} ${i} of ${actual.length} (${expected.length}): …${around(b)}… instead of …${around(a)}…`;
  }
  return '';
}

async function compare(scenario, args, env) {
  const straight = `http://127.0.0.1:${fake.port}`;
  const direct = await run(straight, scenario, args, env);
  const via = await run(process.env.TARGET || straight, scenario, args, env);
  if (!direct.requests.length) return `the program sent nothing: ${direct.err.slice(0, 200)}${direct.out.slice(0, 300)}`;
  if (direct.code !== via.code) return `exit ${via.code} instead of ${direct.code}: ${via.err.slice(0, 200)}`;
  return firstDifference('request', direct.requests, via.requests) || firstDifference('output line', direct.lines, via.lines);
}

const SCENARIOS = ['text', 'thinking', 'long', 'slow', 'unknown', 'refusal', 'e400', 'e401', 'e429', 'e529', 'midstream', 'flaky'];
const cases = [
  ...SCENARIOS.map((scenario) => [scenario, scenario, [], {}]),
  ['text --model claude-opus-4-8', 'text', ['--model', 'claude-opus-4-8'], {}],
  ['text ANTHROPIC_CUSTOM_HEADERS', 'text', [], { ANTHROPIC_CUSTOM_HEADERS: 'x-custom-a: 1\nx-custom-b: zwei' }],
];
for (const [id, scenario, args, env] of cases) {
  // The program itself is not fully deterministic: a difference must show twice.
  await book.case(`claude -p ${id}`, () => compare(scenario, args, env), { attempts: 2 });
}
await fake.stop();
book.done();
process.exit();
