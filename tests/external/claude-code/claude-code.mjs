#!/usr/bin/env node
// The user's own Claude Code program as an upstream: the real program behind Tuppence, a recording fake of the API behind the program.
//   node claude-code.mjs --gateway PATH --dir DIR
// Environment: ONLY, VERBOSE, OUT (../lib/book.mjs); TUPPENCE_TEST_RUNS (24), TUPPENCE_TEST_KILLS (10), TUPPENCE_TEST_LEAVES (24): 200 each for a full run; CLAUDE=/path
import fs from 'node:fs';
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
import { canaries, traced } from './part-secrets.mjs';

allow('gateway', 'dir');
const binary = path.resolve(option('gateway', ''));
// Sockets of the program lie below it, and their paths must be short.
const dir = path.resolve(option('dir', 'artifacts'));
fs.rmSync(dir, { recursive: true, force: true });
fs.mkdirSync(dir, { recursive: true });
const number = (name, fallback) => Number(process.env[name] ?? fallback);
const book = new Book('claude-code');
const notes = [];
const note = (text) => { notes.push(text); console.log(`     ${text}`); };

const api = await startApi();
const scenes = [];
onInterrupt(async () => { for (const scene of scenes) await scene.stop(); await api.stop(); });
const open = async (name, options = {}) => {
  const scene = await startScene({ binary, dir: path.join(dir, name), baseUrl: api.url, ...options });
  scenes.push(scene);
  return scene;
};
/** Parts that share a running gateway; none is started where no case of theirs is wanted. */
const PARTS = {
  main: {
    cases: /^(shape|sdk|limits|errors|once|disconnects)\//,
    run: async () => {
      const scene = await open('main');
      const all = { book, scene, api, note };
      await shapes(all);
      await answers(all);
      await limits(all);
      await apiErrors(all);
      await once({ ...all, runs: number('TUPPENCE_TEST_RUNS', 24) });
      await disconnects({ ...all, count: number('TUPPENCE_TEST_LEAVES', 24) });
      await book.case('log/nothing looks like a credential', () => leakIn(scene.gateway.logFile, ['sk-client-key', 'sk-ant-dummy']));
      await scene.stop();
    },
  },
  kills: {
    run: async () => {
      const scene = await open('kills');
      await kills({ book, scene, api, note, count: number('TUPPENCE_TEST_KILLS', 10) });
      await scene.stop();
    },
  },
  program: { run: () => programErrors({ book, binary, dir: path.join(dir, 'program') }) },
  canary: { run: () => canaries({ book, binary, dir: path.join(dir, 'canary'), api, note }) },
  trace: { run: () => traced({ book, binary, dir: path.join(dir, 'trace'), api, note }) },
};

for (const [name, { cases, run }] of Object.entries(PARTS)) {
  const only = process.env.ONLY;
  const mine = cases?.source.match(/[a-z]+(?=[|)])/g) ?? [name];
  if (only && !mine.some((part) => only.includes(part))) continue;
  const started = Date.now();
  try {
    await run();
  } catch (e) {
    book.add(`${name}: the part ran to its end`, e.stack);
  }
  console.log(`     ${name}: ${Math.round((Date.now() - started) / 1000)} s`);
}
for (const scene of scenes) await scene.stop();
await api.stop();
fs.writeFileSync(path.join(dir, 'figures.txt'), `${notes.join('\n')}\n`);
book.done();
process.exit();
