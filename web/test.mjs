#!/usr/bin/env node
// Checks the dashboard: types, unit tests, size, and that what is committed is what these sources make.
//   node web/test.mjs
// Needs Node 20.19 or later and installs the pinned packages where they are missing. The last line is "N passed, N failed".
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const committed = path.join(here, '../src/Tuppence/Dashboard/app');
const built = path.join(here, '../artifacts/web/app');
const bin = (name) => path.join(here, 'node_modules/.bin', name);
/** All files of the page, compressed as they are sent. */
const MOST_BYTES = 60_000;

let passed = 0;
let failed = 0;
function check(name, problem) {
  if (problem) failed++;
  else passed++;
  console.log(`${problem ? 'FAIL' : 'ok  '} ${name}${problem ? `\n${problem}` : ''}`);
}

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: here, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  return { ok: status === 0, out: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
}

const stamp = path.join(here, 'node_modules/.package-lock.json');
const lock = path.join(here, 'package-lock.json');
if (!fs.existsSync(stamp) || fs.statSync(stamp).mtimeMs < fs.statSync(lock).mtimeMs) {
  console.log('... installing the packages of the dashboard');
  const { ok, out } = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  if (!ok) {
    check('npm ci', out);
    console.log(`${passed} passed, ${failed} failed`);
    process.exit(1);
  }
  fs.utimesSync(stamp, new Date(), new Date());
}

const types = run(bin('tsc'), ['--noEmit']);
check('types', types.ok ? '' : types.out);

const bundle = run(bin('vite'), ['build', '--config', 'test/vite.config.ts', '--logLevel', 'warn']);
check('unit tests can be built', bundle.ok ? '' : bundle.out);
if (bundle.ok) {
  const tests = run(process.execPath, ['--test', '--test-reporter', 'tap', '../artifacts/web/tests.js']);
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(tests.out)?.[1] ?? 0);
  passed += count('pass');
  failed += count('fail') + count('cancelled');
  console.log(`${tests.ok ? 'ok  ' : 'FAIL'} unit tests: ${count('pass')} passed, ${count('fail')} failed`);
  if (!tests.ok || count('pass') === 0) console.log(tests.out);
  if (count('pass') === 0 && count('fail') === 0) failed++;
}

const build = run(bin('vite'), ['build', '--outDir', built, '--logLevel', 'warn']);
check('the page can be built', build.ok ? '' : build.out);
if (build.ok) {
  const files = (dir) => fs.readdirSync(dir, { recursive: true }).filter((name) => fs.statSync(path.join(dir, name)).isFile()).sort();
  const differing = [...new Set([...files(built), ...(fs.existsSync(committed) ? files(committed) : [])])].filter((name) => {
    const [one, other] = [built, committed].map((dir) => path.join(dir, name));
    return !fs.existsSync(one) || !fs.existsSync(other) || !fs.readFileSync(one).equals(fs.readFileSync(other));
  });
  check('the committed build is that of these sources', differing.length === 0 ? '' : `differs: ${differing.join(', ')}. Run npm run build in web/ and commit src/Tuppence/Dashboard/app.`);

  const size = files(built).reduce((sum, name) => sum + zlib.gzipSync(fs.readFileSync(path.join(built, name)), { level: 9 }).length, 0);
  check(`the page is ${size} bytes compressed, at most ${MOST_BYTES}`, size <= MOST_BYTES ? '' : 'too large');

  const text = files(built).map((name) => fs.readFileSync(path.join(built, name), 'utf8')).join('\n');
  const foreign = [...new Set(text.match(/https?:\/\/[^\s"'`)<]+/g) ?? [])].filter((url) => !url.startsWith('http://www.w3.org/'));
  check('the page names no other host', foreign.join(', '));
  const inline = /<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=|javascript:|\sstyle=/.exec(fs.readFileSync(path.join(built, 'index.html'), 'utf8'))?.[0];
  check('the page holds no inline script or style', inline ?? '');
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
