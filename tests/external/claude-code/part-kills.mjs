// Nothing is left behind: neither when Tuppence is killed nor when a client leaves, at whatever moment.
import { sleep } from '../conformance/lib/wire.mjs';
import { until } from '../lib/until.mjs';

const GONE_MS = 5000;
const CLOSED_MS = 200;

/** A stream of numbers from 0 to 1, the same in every run. */
function dice(seed) {
  let state = seed;
  return () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32; };
}

export const spread = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN);
  return `median ${at(0.5)} ms, 90 % within ${at(0.9)} ms, at most ${at(1)} ms`;
};

const body = (mark, scenario) => ({ model: 'claude-sonnet-4-5', max_tokens: 2000, stream: true, messages: [{ role: 'user', content: `${mark} [scn:${scenario}]` }] });

/** Asks, and does not care how that ends. */
function begin(scene, mark, scenario, signal) {
  const started = { at: performance.now(), answered: false };
  started.done = scene.post(body(mark, scenario), { signal })
    .then(async (response) => { started.answered = true; for await (const part of response.body) started.bytes = (started.bytes ?? 0) + part.length; }).catch(() => {});
  return started;
}

export async function kills({ book, scene, api, count, note }) {
  const random = dice(count);
  await scene.gateway.kill();
  await book.case(`kills/${count} of the gateway leave no process`, async () => {
    const times = [];
    const phases = {};
    for (let i = 0; i < count; i++) {
      const phase = ['starting', 'spare', 'beginning', 'streaming', 'two streams'][i % 5];
      if (phase === 'starting') {
        await scene.restart({ ready: false });
        await sleep(random() * 1500);
      } else {
        await scene.restart();
        if (phase === 'spare') await sleep(random() * 800);
        const streams = { beginning: 1, streaming: 1, 'two streams': 2 }[phase] ?? 0;
        for (let k = 0; k < streams; k++) begin(scene, `kill-${i}-${k}-`, 'endless');
        if (phase === 'beginning') await sleep(random() * 700);
        if (phase.includes('stream')) {
          for (let k = 0; k < streams; k++) await api.arrival(`kill-${i}-${k}-`);
          await sleep(random() * 300);
        }
      }
      const running = scene.programs().length;
      phases[phase] = (phases[phase] ?? 0) + (running ? 1 : 0);
      const at = performance.now();
      await scene.gateway.kill();
      await until(`end of all processes after kill ${i} (${phase})`, () => !scene.processes().length, GONE_MS)
        .catch((e) => { throw new Error(`${e.message}: ${JSON.stringify(scene.processes())}`); });
      times.push(performance.now() - at);
    }
    note(`${count} kills of the gateway, with processes running in ${Object.entries(phases).map(([name, n]) => `${n} ${name}`).join(', ')}: none left; gone after ${spread(times)}`);
  });
  await scene.restart();
}

export async function disconnects({ book, scene, api, count, note }) {
  const random = dice(count + 1);
  await book.case(`disconnects/${count} at random moments: the upstream is closed, no process stays`, async () => {
    const closed = [];
    let early = 0;
    for (let i = 0; i < count; i++) {
      const scenario = ['endless', 'silent', 'stalls', 'endless'][i % 4];
      const mark = `leave-${i}-`;
      const leaving = new AbortController();
      const asked = begin(scene, mark, scenario, leaving.signal);
      // Every other one leaves when the program has asked already.
      if (i % 2) await api.arrival(mark, 20_000);
      await sleep(random() * (i % 2 ? 150 : 600));
      const at = performance.now();
      leaving.abort();
      await asked.done;
      await until(`end of the process after disconnect ${i} (${scenario})`, () => scene.programs().length <= 1, GONE_MS)
        .catch((e) => { throw new Error(`${e.message}: ${JSON.stringify(scene.processes())}`); });
      const requests = api.of(mark);
      if (requests.length > 1) return `${requests.length} requests for ${mark}`;
      if (!requests.length) { early++; continue; }
      await until(`close of the upstream after disconnect ${i}`, () => requests[0].peerClosedAt, GONE_MS);
      closed.push(requests[0].peerClosedAt - at);
    }
    const late = closed.filter((ms) => ms > CLOSED_MS).length;
    note(`${count} clients that left, ${early} of them before the program had asked: upstream closed after ${spread(closed)}; ${late} later than ${CLOSED_MS} ms`);
    return late > closed.length / 10 ? `${late} of ${closed.length} later than ${CLOSED_MS} ms: ${spread(closed)}` : '';
  });
}
