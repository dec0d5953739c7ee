#!/usr/bin/env node
// The user's own Claude Code program as an upstream: the real program behind Tuppence, a recording fake of the API behind the program.
//   node claude-code.mjs --gateway PATH --dir DIR
// Environment: ONLY, VERBOSE, OUT (../lib/book.mjs); TUPPENCE_TEST_RUNS (24), TUPPENCE_TEST_KILLS (10), TUPPENCE_TEST_LEAVES (16): 200 each for a full run; CLAUDE=/path
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { allow, option } from '../lib/args.mjs';
import { Book } from '../lib/book.mjs';
import { leakIn, onInterrupt } from '../lib/gateway.mjs';
import { startApi } from './lib/api.mjs';
import { startScene } from './lib/scene.mjs';
import { shapes } from './part-shapes.mjs';
import { answers } from './part-clients.mjs';
import { limits } from './part-limits.mjs';
import { apiErrors, programErrors } from './part-errors.mjs';
import { once } from './part-once.mjs';
import { disconnects, kills } from './part-kills.mjs';
import { emulated } from './part-emulator.mjs';
import { canaries, traced } from './part-secrets.mjs';

allow('gateway', 'dir');
const binary = path.resolve(option('gateway', ''));
const out = path.resolve(option('dir', 'artifacts'));
fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
// Homes and folders of the program must lie in no Git repository, of which it would tell the model, and have short paths, as its sockets do.
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'cc-'));
process.on('exit', () => fs.rmSync(dir, { recursive: true, force: true }));
const number = (name, fallback) => Number(process.env[name] ?? fallback);
const book = new Book('claude-code');
const notes = [];
const note = (text) => { notes.push(text); console.log(`     ${text}`); };

const stops = [];
const stopAll = async () => { for (const stop of stops.splice(0).reverse()) await stop(); };
onInterrupt(stopAll);
const only = process.env.ONLY;

/** A fake of the API, and Tuppence with the program in front of it. */
async function open(name) {
  const api = await startApi();
  stops.push(api.stop);
  const scene = await startScene({ binary, dir: path.join(dir, name), baseUrl: api.url });
  stops.push(() => scene.stop());
  return { book, note, api, scene };
}

/** name -> first words of its cases, and what runs them. Each has processes and an API of its own. */
const PARTS = {
  requests: [['shape', 'limits'], async () => {
    const all = await open('requests');
    await shapes(all);
    await limits(all);
    await all.scene.stop();
  }],
  answers: [['sdk', 'errors', 'log'], async () => {
    const all = await open('answers');
    await answers(all);
    await apiErrors(all);
    await book.case('log/nothing looks like a credential', () => leakIn(all.scene.gateway.logFile, ['sk-client-key', 'sk-ant-dummy']));
    await all.scene.stop();
  }],
  once: [['once', 'disconnects'], async () => {
    const all = await open('once');
    await once({ ...all, runs: number('TUPPENCE_TEST_RUNS', 24) });
    await disconnects({ ...all, count: number('TUPPENCE_TEST_LEAVES', 16) });
    await all.scene.stop();
  }],
  kills: [['kills'], async () => {
    const all = await open('kills');
    await kills({ ...all, count: number('TUPPENCE_TEST_KILLS', 10) });
    await all.scene.stop();
  }],
  program: [['program'], () => programErrors({ book, binary, dir: path.join(dir, 'program') })],
  emulator: [['emulator'], () => emulated({ book, binary, dir: path.join(dir, 'emulated') })],
  canary: [['canary'], async () => {
    const api = await startApi();
    stops.push(api.stop);
    await canaries({ book, binary, dir: path.join(dir, 'canary'), api, note });
  }],
  trace: [['trace'], async () => {
    const api = await startApi();
    stops.push(api.stop);
    await traced({ book, binary, dir: path.join(dir, 'trace'), api, note });
  }],
};

/** Runs the parts that are wanted one after another. */
async function lane(...names) {
  for (const name of names) {
    const [cases, run] = PARTS[name];
    if (only && !cases.some((word) => only.includes(word))) continue;
    const started = Date.now();
    try {
      await run();
    } catch (e) {
      book.add(`${name}: the part ran to its end`, e.stack);
    }
    console.log(`     ${name}: ${Math.round((Date.now() - started) / 1000)} s`);
  }
}

// Most of the time goes by while one process starts: two at a time keep two cores busy.
await Promise.all([lane('requests', 'answers', 'emulator'), lane('kills', 'once', 'program', 'canary', 'trace')]);
await stopAll();
for (const file of fs.readdirSync(dir, { recursive: true }).filter((name) => /gateway\.log$|emulator\.log$/.test(name))) {
  fs.copyFileSync(path.join(dir, file), path.join(out, file.replaceAll(path.sep, '-')));
}
fs.writeFileSync(path.join(out, 'figures.txt'), `${notes.join('\n')}\n`);
book.done();
process.exit();
