#!/usr/bin/env node
// Runs the external suites through a gateway that it starts for each of them.
//   node run.mjs --gateway PATH [--suites s1,s2,s3,s4,s7,s8,browser,sign-in,dashboard,refgw,cc,st,thrift]      PATH: the native program, or tuppence.dll
//   node run.mjs --target URL --upstream-port 4111 --suites s1,s2         another proxy that already runs
//   node run.mjs --suites s1,s2,s3,s4,s8,st                                no proxy: the suites check themselves
// --strict: no deliberate differences (for another proxy)   --screenshots DIR: pictures for the user guide (st, dashboard: one at a time, each has its folder)   --out DIR: logs
// Environment: ONLY=regex, VERBOSE=1 (lib/book.mjs); CHROMIUM=/path (browser, sign-in, dashboard, st); CLAUDE=/path (s4, cc).
// Installs the pinned npm packages of the suites it runs, where they are missing.
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

let gateway = null;
let child = null;
onInterrupt(async () => {
  if (child && child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await gateway?.stop();
});

/** Runs a program, its output into `logFile` and, where `show` says so, on the screen. Gives its exit code and standard output. */
async function run(command, args, { cwd, env = process.env, logFile, limit, show = false }) {
  const log = fs.createWriteStream(logFile, { flags: 'a' });
  const started = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  child = started;
  let hard;
  const timer = setTimeout(() => {
    console.log(`... no end after ${limit} s, stopping it`);
    started.kill('SIGTERM');
    hard = setTimeout(() => started.kill('SIGKILL'), 15_000);
  }, limit * 1000);
  let out = '';
  started.stdout.on('data', (data) => {
    out += data;
    log.write(data);
    if (show) process.stdout.write(String(data).replace(/^\d+ passed, \d+ failed\n/m, ''));
  });
  started.stderr.pipe(log, { end: false });
  const [code] = await once(started, 'close');
  clearTimeout(timer);
  clearTimeout(hard);
  child = null;
  await new Promise((r) => log.end(r));
  return { code, out };
}

async function install(dir) {
  const stamp = path.join(here, dir, 'node_modules', '.package-lock.json');
  const lock = path.join(here, dir, 'package-lock.json');
  if (fs.existsSync(stamp) && fs.statSync(stamp).mtimeMs >= fs.statSync(lock).mtimeMs) return;
  console.log(`... installing the packages of ${dir}`);
  const logFile = path.join(outDir, `npm-${dir}.log`);
  const { code } = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: path.join(here, dir), logFile, limit: 600 });
  if (code !== 0) throw new Error(`npm ci failed in ${dir}, see ${logFile}`);
  fs.utimesSync(stamp, new Date(), new Date());
}

async function runSuite(name) {
  const suite = SUITES[name];
  const logFile = path.join(outDir, `${name}.log`);
  fs.rmSync(logFile, { force: true });
  await install(suite.dir);

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
    env.TARGET = gateway.url;
  } else if (fixedTarget) {
    env.TARGET = fixedTarget;
  }
  if (env.TARGET && !flag('strict')) env.RULES = rules;

  const t0 = Date.now();
  const { code, out } = await run(process.execPath, [suite.script, ...args], { cwd: path.join(here, suite.dir), env, logFile, limit: suite.limit, show: true });
  let [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(out.trimEnd().split('\n').at(-1))?.map(Number) ?? [0, 0, 0];
  if (code !== 0 && !failed) {
    failed = 1;
    console.log(`FAIL ${name} ended with ${code}; see ${path.relative(process.cwd(), logFile)}`);
  }
  if (gateway) {
    if (gateway.ended) {
      failed++;
      console.log(`FAIL the gateway ended during ${name} (${gateway.ended}); see ${path.relative(process.cwd(), gateway.logFile)}`);
    }
    await gateway.stop();
    const leak = leakIn(gateway.logFile);
    if (leak) {
      failed++;
      console.log(`FAIL the gateway's log of ${name} holds what looks like a credential: ${leak}`);
    }
    gateway = null;
  }
  return { name, passed, failed, seconds: Math.round((Date.now() - t0) / 1000) };
}

fs.mkdirSync(outDir, { recursive: true });
const results = [];
for (const name of chosen) {
  console.log(`== ${name}`);
  try {
    results.push(await runSuite(name));
  } catch (e) {
    console.log(`FAIL ${name}: ${e.message}`);
    results.push({ name, passed: 0, failed: 1, seconds: 0 });
    await gateway?.stop();
    gateway = null;
  }
  const last = results.at(-1);
  console.log(`${last.name}: ${last.passed} passed, ${last.failed} failed (${last.seconds} s)`);
}
const passed = results.reduce((n, r) => n + r.passed, 0);
const failed = results.reduce((n, r) => n + r.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
if (!passed) console.error('no case ran: does ONLY match one?');
process.exit(failed || !passed ? 1 : 0);
