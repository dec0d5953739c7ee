// The time to the first event through Tuppence and the user's Claude Code program, held against the program alone, driven by hand.
// Both in one run, by turns, with the same fake of the API, which answers at once. See claude-code.sh.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { allow, flag, option } from '../tests/external/lib/args.mjs';
import { until } from '../tests/external/lib/until.mjs';
import { startApi } from '../tests/external/claude-code/lib/api.mjs';
import { Bare } from '../tests/external/claude-code/lib/bare.mjs';
import { readStream, startScene } from '../tests/external/claude-code/lib/scene.mjs';
import { history } from '../tests/external/claude-code/lib/shapes.mjs';

// A process that waits has settled by then; a spare is used no earlier either.
const SETTLED_MS = 1500;
const HISTORIES = [0, 20, 60];

allow('gateway', 'rounds', 'keep');
const here = path.dirname(fileURLToPath(import.meta.url));
const rounds = Number(option('rounds', 15));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tuppence-bench-'));
const api = await startApi({ pace: { first: 0, between: 1 } });
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const isStart = (event) => event?.type === 'message_start';

const body = (messages, mark) => ({
  model: 'claude-sonnet-4-5', max_tokens: 2048, stream: true, system: [{ type: 'text', text: 'You are the narrator.' }],
  messages: [...history(messages, mark)].slice(messages ? 1 : 0),
});

/** A sample: ms until the API had the request, and until the first event was there. */
async function bare(messages, mark, settled) {
  const home = fs.mkdtempSync(path.join(folder, 'home-'));
  const cwd = fs.mkdtempSync(path.join(folder, 'cwd-'));
  let started = performance.now();
  const program = new Bare({ home, cwd, baseUrl: api.url });
  if (settled) {
    await sleep(SETTLED_MS);
    started = performance.now();
  }
  const first = program.next((line) => line.type === 'stream_event' && isStart(line.event));
  await program.ask(body(messages, mark));
  await first;
  const event = performance.now() - started;
  await program.next((line) => line.type === 'stream_event' && line.event.type === 'message_stop');
  await program.kill();
  return { request: api.of(mark)[0].at - started, event };
}

async function through(scene, messages, mark, settled) {
  await until('quiet gateway', () => {
    const programs = scene.programs();
    return settled ? programs.length === 1 && programs[0].age > SETTLED_MS : programs.length === 0;
  });
  const started = performance.now();
  let event = null;
  const response = await scene.post(body(messages, mark));
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  await readStream(response, { each: (one) => { if (isStart(one)) event = performance.now() - started; } });
  return { request: api.of(mark)[0].at - started, event };
}

const open = (name, claude) => startScene({ binary: path.resolve(option('gateway')), dir: path.join(folder, name), baseUrl: api.url, claude, config: { log_level: 'warn' } });
const warm = await open('warm', { keep_spare: true });
const cold = await open('cold', { keep_spare: false });
const samples = [];
try {
  for (let round = -1; round < rounds; round++) {
    for (const messages of HISTORIES) {
      for (const settled of [true, false]) {
        const mark = `bench-${round}-${messages}-${settled}-`;
        const sample = {
          messages, settled,
          alone: await bare(messages, `${mark}alone`, settled),
          tuppence: await through(settled ? warm : cold, messages, `${mark}tuppence`, settled),
        };
        // The first round fills the caches of the machine.
        if (round >= 0) samples.push(sample);
      }
    }
    process.stderr.write(`\rround ${round + 1} of ${rounds}`);
  }
} finally {
  await warm.stop();
  await cold.stop();
  await api.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}

const quantile = (values, share) => { const sorted = [...values].sort((a, b) => a - b); return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]; };
const ms = (values) => `${Math.round(quantile(values, 0.1))} / ${Math.round(quantile(values, 0.5))} / ${Math.round(quantile(values, 0.9))}`;
const rows = [true, false].flatMap((settled) => HISTORIES.map((messages) => {
  const mine = samples.filter((sample) => sample.settled === settled && sample.messages === messages);
  const ratios = mine.map((sample) => sample.tuppence.event / sample.alone.event);
  return [
    settled ? 'waiting' : 'none', messages, ms(mine.map((s) => s.alone.event)), ms(mine.map((s) => s.tuppence.event)),
    `${quantile(ratios, 0.5).toFixed(2)} (${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)})`, settled ? '1.3' : '',
  ];
}));
const table = [
  `Measured ${new Date().toISOString().slice(0, 16).replace('T', ' ')}, ${rounds} rounds; ${os.cpus()[0].model.trim()}, ${os.cpus().length} cores, load ${os.loadavg()[0].toFixed(1)} at the end.`,
  '',
  '| process beforehand | messages before the last | the program alone, ms: p10 / p50 / p90 | through Tuppence, ms | ratio, median of rounds (middle half) | at most |',
  '|---|--:|--:|--:|--:|--:|',
  ...rows.map((row) => `| ${row.join(' | ')} |`),
].join('\n');
const out = path.join(here, '..', 'artifacts', 'bench');
fs.mkdirSync(out, { recursive: true });
fs.writeFileSync(path.join(out, 'claude-code.md'), `${table}\n`);
console.log(`\n${table}`);
if (flag('keep')) {
  const results = path.join(here, 'RESULTS.md');
  const text = fs.readFileSync(results, 'utf8');
  fs.writeFileSync(results, text.replace(/(<!-- claude-code: begin -->\n)[^]*(<!-- claude-code: end -->)/, `$1\n${table}\n\n$2`));
}
process.exit();
