#!/usr/bin/env node
// Runs the external suites through a gateway that it starts for each of them.
//   node run.mjs --gateway PATH [--suites s1,s2,s3,s4,s7,s8,browser,sign-in,dashboard,refgw,cc,st,thrift]      PATH: the native program, or tuppence.dll
//   node run.mjs --target URL --upstream-port 4111 --suites s1,s2         another proxy that already runs
//   node run.mjs --suites s1,s2,s3,s4,s8,st                                no proxy: the suites check themselves
// --strict: no deliberate differences (for another proxy)   --screenshots DIR: pictures for the user guide (st, dashboard: one at a time, each has its folder)   --out DIR: logs
// Environment: ONLY=regex, VERBOSE=1 (lib/book.mjs); CHROMIUM=/path (browser, sign-in, dashboard, st); CLAUDE=/path (s4, cc).
// Installs the pinned npm packages of the suites it runs, where they are missing.
// Suites that wait more than they work run beside the others; what they print comes when each is over.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { allow, flag, option } from './lib/args.mjs';
import { freePort, leakIn, onInterrupt, startGateway } from './lib/gateway.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const rules = path.join(here, 'conformance', 'rules.json');

/** folder, script, limit in seconds; `own`: starts the gateway itself, with the configuration that it needs */
const SUITES = {
  s1: { dir: 'conformance', script: 's1-sdk-sweep.mjs', limit: 180 },
  s2: { dir: 'conformance', script: 's2-wire.mjs', limit: 400 },
  s3: { dir: 'conformance', script: 's3-clients.mjs', limit: 180 },
  s4: { dir: 'conformance', script: 's4-claude-code.mjs', limit: 600 },
  s7: { dir: 'conformance', script: 's7-http1.mjs', limit: 240, needsTarget: true },
  s8: { dir: 'conformance', script: 's8-providers.mjs', limit: 240, own: true },
  browser: { dir: 'browser', script: 'attack.mjs', limit: 180, own: true, needsGateway: true },
  'sign-in': { dir: 'sign-in', script: 'sign-in.mjs', limit: 300, own: true, needsGateway: true },
  dashboard: { dir: 'dashboard', script: 'dashboard.mjs', limit: 900, own: true, needsGateway: true },
  refgw: { dir: 'reference-gateway', script: 'sign-in.mjs', limit: 300, own: true, needsGateway: true },
  cc: { dir: 'claude-code', script: 'claude-code.mjs', limit: 1800, own: true, needsGateway: true },
  st: { dir: 'sillytavern', script: 'e2e.mjs', limit: 1200, own: true },
  thrift: { dir: 'sillytavern', script: 'thrift.mjs', limit: 1200, own: true, needsGateway: true },
};

/** They spend their time on silences and on tokens that expire. */
const WAITING = ['s2', 'refgw'];

allow('gateway', 'target', 'suites', 'upstream-port', 'strict', 'screenshots', 'out');
const gatewayPath = option('gateway', null);
const fixedTarget = option('target', null);
const outDir = path.resolve(option('out', path.join(here, '..', '..', 'artifacts', 'external')));
const chosen = option('suites', gatewayPath ? Object.keys(SUITES).join(',') : 's1,s2,s3,s4').split(',').filter(Boolean);
const wrong = chosen.filter((name) => !SUITES[name]
  || (SUITES[name].needsGateway && !gatewayPath) || (SUITES[name].needsTarget && !gatewayPath && !fixedTarget));
if (wrong.length || !chosen.length) {
  console.error(`cannot run: ${wrong.join(', ') || 'nothing chosen'}; suites are ${Object.keys(SUITES).join(', ')}; s7 needs --gateway or --target, browser, sign-in, dashboard, refgw, cc and thrift need --gateway`);
  process.exit(2);
}
if (gatewayPath && !fs.existsSync(gatewayPath)) {
  console.error(`there is no gateway at ${gatewayPath}; publish it first`);
  process.exit(2);
}

const gateways = new Set();
const children = new Set();
onInterrupt(async () => {
  await Promise.all([...children].map(async (child) => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }));
  await Promise.all([...gateways].map((gateway) => gateway.stop()));
});

/** Runs a program, its output into `logFile` and to `show`, where there is one. Gives its exit code and standard output. */
async function run(command, args, { cwd, env = process.env, logFile, limit, say, show }) {
  const log = fs.createWriteStream(logFile, { flags: 'a' });
  const started = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(started);
  let hard;
  const timer = setTimeout(() => {
    say(`... no end after ${limit} s, stopping it\n`);
    started.kill('SIGTERM');
    hard = setTimeout(() => started.kill('SIGKILL'), 15_000);
  }, limit * 1000);
  let out = '';
  started.stdout.on('data', (data) => {
    out += data;
    log.write(data);
    show?.(String(data).replace(/^\d+ passed, \d+ failed\n/m, ''));
  });
  started.stderr.pipe(log, { end: false });
  const [code] = await once(started, 'close');
  clearTimeout(timer);
  clearTimeout(hard);
  children.delete(started);
  await new Promise((r) => log.end(r));
  return { code, out };
}

/** Once a folder, though several suites are in it. */
const installed = new Map();
function install(dir, say) {
  if (!installed.has(dir)) installed.set(dir, installNow(dir, say));
  return installed.get(dir);
}

async function installNow(dir, say) {
  const stamp = path.join(here, dir, 'node_modules', '.package-lock.json');
  const lock = path.join(here, dir, 'package-lock.json');
  if (fs.existsSync(stamp) && fs.statSync(stamp).mtimeMs >= fs.statSync(lock).mtimeMs) return;
  say(`... installing the packages of ${dir}\n`);
  const logFile = path.join(outDir, `npm-${dir}.log`);
  const { code } = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: path.join(here, dir), logFile, limit: 600, say });
  if (code !== 0) throw new Error(`npm ci failed in ${dir}, see ${logFile}`);
  fs.utimesSync(stamp, new Date(), new Date());
}

async function runSuite(name, say) {
  const suite = SUITES[name];
  let gateway = null;
  const logFile = path.join(outDir, `${name}.log`);
  fs.rmSync(logFile, { force: true });
  await install(suite.dir, say);

  const upstreamPort = Number(option('upstream-port', 0)) || await freePort();
  const env = { ...process.env, UPSTREAM_PORT: String(upstreamPort), OUT: path.join(outDir, `${name}.json`) };
  const args = [];
  for (const variable of ['TARGET', 'RULES']) delete env[variable];
  if (suite.own) {
    if (gatewayPath) args.push('--gateway', path.resolve(gatewayPath));
    if (['st', 'dashboard'].includes(name) && option('screenshots', null)) args.push('--screenshots', path.resolve(option('screenshots')));
    args.push('--dir', path.join(outDir, name));
  } else if (gatewayPath) {
    gateway = await startGateway({
      binary: gatewayPath,
      dir: path.join(outDir, `gateway-${name}`),
      config: { upstream: `http://127.0.0.1:${upstreamPort}`, allowed_hosts: ['gw.test', 'gw'], retry: { max_retries: 0 } },
    });
    gateways.add(gateway);
    env.TARGET = gateway.url;
  } else if (fixedTarget) {
    env.TARGET = fixedTarget;
  }
  if (env.TARGET && !flag('strict')) env.RULES = rules;

  const t0 = Date.now();
  const { code, out } = await run(process.execPath, [suite.script, ...args], { cwd: path.join(here, suite.dir), env, logFile, limit: suite.limit, say, show: say });
  let [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(out.trimEnd().split('\n').at(-1))?.map(Number) ?? [0, 0, 0];
  if (code !== 0 && !failed) {
    failed = 1;
    say(`FAIL ${name} ended with ${code}; see ${path.relative(process.cwd(), logFile)}\n`);
  }
  if (gateway) {
    if (gateway.ended) {
      failed++;
      say(`FAIL the gateway ended during ${name} (${gateway.ended}); see ${path.relative(process.cwd(), gateway.logFile)}\n`);
    }
    gateways.delete(gateway);
    await gateway.stop();
    const leak = leakIn(gateway.logFile);
    if (leak) {
      failed++;
      say(`FAIL the gateway's log of ${name} holds what looks like a credential: ${leak}\n`);
    }
  }
  return { name, passed, failed, seconds: Math.round((Date.now() - t0) / 1000) };
}

/** One suite after the other; without `say` what a suite prints is kept until it is over. */
async function runAll(names, say) {
  for (const name of names) {
    const kept = [];
    const tell = say ?? ((text) => kept.push(text));
    tell(`== ${name}\n`);
    let last;
    try {
      last = await runSuite(name, tell);
    } catch (e) {
      tell(`FAIL ${name}: ${e.message}\n`);
      last = { name, passed: 0, failed: 1, seconds: 0 };
    }
    results.push(last);
    tell(`${last.name}: ${last.passed} passed, ${last.failed} failed (${last.seconds} s)\n`);
    process.stdout.write(kept.join(''));
  }
}

fs.mkdirSync(outDir, { recursive: true });
const results = [];
const side = chosen.length > WAITING.length ? chosen.filter((name) => WAITING.includes(name)) : [];
await Promise.all([
  runAll(chosen.filter((name) => !side.includes(name)), (text) => process.stdout.write(text)),
  runAll(side),
]);
await Promise.all([...gateways].map((gateway) => gateway.stop()));
const passed = results.reduce((n, r) => n + r.passed, 0);
const failed = results.reduce((n, r) => n + r.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
if (!passed) console.error('no case ran: does ONLY match one?');
process.exit(failed || !passed ? 1 : 0);
