// Exactly one request at the API for one answer, however the answer ends.
import { sleep } from '../conformance/lib/wire.mjs';
import { PACES } from './lib/api.mjs';
import { exchange } from './part-shapes.mjs';

const ENDINGS = ['text', 'maxtok', 'refusal', 'tool', 'text', 'maxtok', 'stopseq', 'refusal', 'tools2', 'maxtok', 'thinking', 'window'];
const MODELS = ['claude-sonnet-4-5', 'claude-opus-5-5', 'claude-sonnet-5'];

/** Asks `runs` times, two at a time, and gives the mark of each with what reached the API for it. */
async function ask({ scene, api, runs, name }) {
  const asked = [];
  let next = 0;
  const worker = async () => {
    while (next < runs) {
      const i = next++;
      const mark = `once-${name}-${i}-`;
      const ending = ENDINGS[i % ENDINGS.length];
      const body = {
        model: MODELS[i % MODELS.length], max_tokens: 2000, stream: i % 4 !== 3, tools: /tool/.test(ending) ? [{ name: 'get_weather', description: 'd', input_schema: { type: 'object' } }] : undefined,
        messages: [{ role: 'user', content: `${mark} [scn:${ending}]` }],
      };
      const { response, json, events } = await exchange(scene, api, body);
      const stop = json?.stop_reason ?? events?.find((event) => event.type === 'message_delta')?.delta.stop_reason;
      asked.push({ mark, ending, status: response.status, stop });
    }
  };
  await Promise.all([worker(), worker()]);
  // A second request would come from a process that still runs, and all but the spare are gone soon.
  await scene.idle();
  await sleep(300);
  return asked.map((one) => ({ ...one, requests: api.of(one.mark).length }));
}

export async function once({ book, scene, api, runs, note }) {
  await book.case(`once/${runs} answers at a lifelike pace, ${new Set(ENDINGS).size} ways to end`, async () => {
    const all = await ask({ scene, api, runs, name: 'paced' });
    const wrong = all.filter((one) => one.requests !== 1 || one.status !== 200 || !one.stop);
    note(`${runs} answers at a lifelike pace: ${all.reduce((n, one) => n + one.requests, 0)} requests at the API`);
    return wrong.length ? `${wrong.length} of ${runs}: ${JSON.stringify(wrong.slice(0, 4))}` : '';
  });
  // An API that writes a whole answer at once leaves no time to end the process: a figure, not a promise.
  await book.case('once/the same from an API that answers at once, as a figure', async () => {
    api.pace = PACES.instant;
    try {
      const all = await ask({ scene, api, runs: runs < 50 ? Math.ceil(runs / 2) : runs, name: 'instant' });
      const strays = all.reduce((n, one) => n + one.requests, 0) - all.length;
      note(`${all.length} answers written at once: ${strays} requests too many`);
      const wrong = all.filter((one) => one.requests < 1 || one.status !== 200);
      return wrong.length ? JSON.stringify(wrong.slice(0, 4)) : '';
    } finally {
      api.pace = PACES.lifelike;
    }
  });
}
