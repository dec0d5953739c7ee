// The official SDK, straight at the API and through Tuppence and the program: what it makes of the answers must be equal, but for what
// cannot be carried, each of which must show its own error or be named in x-tuppence-edits.
import Anthropic from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { z } from 'zod';
import { until } from '../lib/until.mjs';
import { difference } from './lib/compare.mjs';
import { CLIENT_KEY } from './lib/scene.mjs';
import { TOOLS } from './lib/shapes.mjs';

const SCENARIOS = ['text', 'tool', 'tools2', 'emptytool', 'thinking', 'refusal', 'maxtok', 'stopseq', 'pause', 'long', 'json'];
// The stream helper has the raw events of the others.
const FEWER = { 'raw events': ['text', 'tools2', 'refusal'], 'beta stream': ['thinking', 'tool', 'maxtok'] };
const sdk = (baseURL) => new Anthropic({ baseURL, apiKey: CLIENT_KEY, maxRetries: 0, logLevel: 'off' });

const TOOL_NAMES = [...TOOLS.slice(0, 1), TOOLS[2]];
const ask = (scenario) => ({
  model: 'claude-sonnet-4-6', max_tokens: 2048, messages: [{ role: 'user', content: `Hallo — what about "Zürich"? [scn:${scenario}]` }],
  ...(/tool/.test(scenario) ? { tools: TOOL_NAMES } : {}),
});

const failure = (e) => ({ failed: e.constructor.name, status: e.status, type: e.type ?? e.error?.error?.type });
const orFailure = async (run) => { try { return await run(); } catch (e) { return failure(e); } };

const clients = {
  create: (base, s) => orFailure(() => sdk(base).messages.create(ask(s))),

  async 'stream helper'(base, s) {
    const stream = sdk(base).messages.stream(ask(s));
    const events = [];
    const texts = [];
    stream.on('streamEvent', (e) => events.push(e));
    stream.on('text', (delta) => texts.push(delta));
    stream.on('error', () => {});
    return { final: await orFailure(() => stream.finalMessage()), events, texts };
  },

  async 'raw events'(base, s) {
    const events = [];
    const end = await orFailure(async () => { for await (const e of await sdk(base).messages.create({ ...ask(s), stream: true })) events.push(e); });
    return { events, end };
  },

  'beta stream': (base, s) => orFailure(() => sdk(base).beta.messages.stream({ ...ask(s), betas: ['context-management-2025-06-27'] }).finalMessage()),
};

/** Without pings, which the program keeps to itself, and without what is of one call. */
const comparable = (value) => JSON.parse(JSON.stringify(value, (key, v) => (
  key === '_request_id' ? undefined : Array.isArray(v) ? v.filter((one) => one?.type !== 'ping') : v)) ?? 'null');

export async function answers({ book, scene, api }) {
  for (const [name, client] of Object.entries(clients)) {
    for (const s of FEWER[name] ?? SCENARIOS) {
      await book.case(`sdk/${name}/${s}`, async () => {
        const direct = comparable(await client(api.url, s));
        const via = comparable(await client(scene.url, s));
        return difference(direct, via);
      });
    }
  }

  await book.case('sdk/tool runner: the model asks, the client answers, the model goes on', async () => {
    const run = async (base) => {
      const cities = [];
      const weather = betaZodTool({ name: 'get_weather', description: 'd', inputSchema: z.looseObject({ city: z.string() }), run: ({ city }) => { cities.push(city); return `sunny in ${city}`; } });
      const final = await sdk(base).beta.messages.toolRunner({ ...ask('toolrun'), tools: [weather], max_iterations: 4 });
      return { cities, final };
    };
    const from = api.messages.length;
    const direct = comparable(await run(api.url));
    const asked = api.messages.length - from;
    const via = comparable(await run(scene.url));
    if (asked !== 2 || api.messages.length - from !== 4) return `${asked} and ${api.messages.length - from - asked} requests`;
    const result = api.messages.at(-1).json.messages.flatMap((m) => m.content).find((block) => block.type === 'tool_result');
    if (!result) return JSON.stringify(api.messages.at(-1).json.messages);
    return difference(direct, via) || (JSON.stringify(result.content).includes('sunny in Zürich') ? '' : JSON.stringify(result));
  });

  await book.case('sdk/abort: the stream ends for the client, and at the API', async () => {
    const from = api.messages.length;
    const stream = sdk(scene.url).messages.stream(ask('endless'));
    stream.on('error', () => {});
    stream.on('abort', () => {});
    await new Promise((resolve) => { stream.once('text', resolve); });
    stream.abort();
    const end = await orFailure(() => stream.finalMessage());
    await until('close at the API', () => api.messages[from].peerClosedAt, 5000);
    return end.failed === 'APIUserAbortError' ? '' : JSON.stringify(end);
  });

  await book.case('sdk/models: a list, and one of it', async () => {
    const all = [];
    for await (const model of sdk(scene.url).models.list()) all.push(model);
    const one = await sdk(scene.url).models.retrieve(all[0].id);
    return all.length > 3 && all.every((m) => m.id && m.display_name && m.type === 'model') && one.id === all[0].id ? '' : JSON.stringify(all.slice(0, 3));
  });
}
