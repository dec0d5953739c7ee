// s3. Four real clients run the same script twice, straight and through TARGET: what they make of the answers must be equal.
//   TARGET=http://127.0.0.1:PORT UPSTREAM_PORT=4111 node s3-clients.mjs        (no TARGET: self-check)
//   RULES=rules.json    the deliberate differences; ONLY, VERBOSE, OUT: see ../lib/book.mjs
import Anthropic, { toFile } from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { createAnthropic } from '@ai-sdk/anthropic';
import { generateText, streamText, tool } from 'ai';
import { ChatAnthropic } from '@langchain/anthropic';
import { HumanMessage } from '@langchain/core/messages';
import { z } from 'zod';
import { fakeClaude } from './lib/fake-claude.mjs';
import { Rules } from './lib/rules.mjs';
import { Book } from '../lib/book.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;

const KEY = 'sk-client-key';
const book = new Book('s3-clients');
const rules = new Rules('s3');
const fake = await fakeClaude(Number(process.env.UPSTREAM_PORT || 4111));

const SCENARIOS = ['text', 'tool', 'tools2', 'emptytool', 'thinking', 'empty', 'refusal', 'maxtok', 'stopseq', 'pause', 'long', 'json', 'unknown', 'slow'];
const ERRORS = ['e400', 'e401', 'e403', 'e404', 'e413', 'e429', 'e500', 'e529', 'enoretry', 'flaky', 'midstream', 'cut'];
const without = (...names) => [...SCENARIOS, ...ERRORS.filter((e) => !names.includes(e))];

const model = (s) => `scn-${s}`;
const messages = (s) => [{ role: 'user', content: `Hallo — what about "Zürich"? [scn:${s}]` }];
const TOOLS = [{
  name: 'get_weather', description: 'd',
  input_schema: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'number' } } },
}];
const AI_TOOLS = { get_weather: tool({ inputSchema: z.any() }), noargs: tool({ inputSchema: z.any() }) };

/** What a client says of a failure. */
const failure = (e) => ({
  failed: e.name || e.constructor?.name,
  status: e.status ?? e.statusCode,
  type: e.type ?? e.error?.error?.type,
  body: e.error ?? e.responseBody ?? e.data,
  message: e.status ? e.message : undefined,
});
const orFailure = async (run) => { try { return await run(); } catch (e) { return failure(e); } };

// ---- the clients; each names its scenarios and runs one against a base URL

const sdk = (baseURL, retries = 0) => new Anthropic({ baseURL, apiKey: KEY, maxRetries: retries, logLevel: 'off' });
const body = (s) => ({ model: model(s), max_tokens: 64, messages: messages(s) });

const otherEndpoints = {
  models: async (client) => { const all = []; for await (const m of client.models.list()) all.push(m); return all; },
  model: (client) => client.models.retrieve('anthropic.claude-x-v1:0'),
  count: (client) => client.messages.countTokens({ model: 'm', messages: messages('count') }),
  upload: async (client) => client.files.upload({ file: await toFile(Buffer.from('a\r\n--b'), 'ü.txt') }),
  download: async (client) => Buffer.from(await (await client.files.download('file_1')).arrayBuffer()).toString('hex'),
  missing: (client) => client.get('/v1/nope'),
};

const aiModel = (base, s) => createAnthropic({ baseURL: `${base}/v1`, apiKey: KEY })(model(s));
const aiCall = (base, s) => ({ model: aiModel(base, s), messages: messages(s), maxRetries: 0, maxOutputTokens: 64, tools: AI_TOOLS });
const langchain = (base, s) => new ChatAnthropic({ model: model(s), apiKey: KEY, anthropicApiUrl: base, maxRetries: 0, maxTokens: 64 });
const human = (s) => [new HumanMessage(`hi [scn:${s}]`)];

const clients = {
  'anthropic-sdk/create': {
    scenarios: without('midstream', 'cut'),
    run: (base, s) => orFailure(() => sdk(base, s === 'flaky' ? 2 : 0).messages.create({ ...body(s), tools: TOOLS })),
  },

  'anthropic-sdk/stream-helper': {
    scenarios: without(),
    async run(base, s) {
      const stream = sdk(base, s === 'flaky' ? 2 : 0).messages.stream({ ...body(s), tools: TOOLS });
      const events = [];
      stream.on('streamEvent', (e) => events.push(e));
      stream.on('error', () => {});
      const final = await orFailure(() => stream.finalMessage());
      return final.failed ? { events, end: final } : { events, final };
    },
  },

  'anthropic-sdk/raw-events': {
    scenarios: without(),
    async run(base, s) {
      const events = [];
      const end = await orFailure(async () => {
        for await (const e of await sdk(base).messages.create({ ...body(s), stream: true })) events.push(e);
      });
      return { events, end };
    },
  },

  'anthropic-sdk/beta-stream': {
    scenarios: SCENARIOS,
    run: (base, s) => orFailure(() => sdk(base).beta.messages.stream({ ...body(s), betas: ['context-management-2025-06-27'] }).finalMessage()),
  },

  'anthropic-sdk/other-endpoints': {
    scenarios: Object.keys(otherEndpoints),
    run: (base, s) => orFailure(() => otherEndpoints[s](sdk(base))),
  },

  'anthropic-sdk/tool-runner': {
    scenarios: ['text'],
    run: (base, s) => orFailure(async () => {
      const weather = betaZodTool({ name: 'get_weather', description: 'd', inputSchema: z.object({ city: z.string() }), run: () => 'sunny' });
      return await sdk(base).beta.messages.toolRunner({ ...body(s), tools: [weather], max_iterations: 2 });
    }),
  },

  'ai-sdk/generateText': {
    scenarios: without('midstream', 'cut', 'flaky'),
    run: (base, s) => orFailure(async () => {
      const r = await generateText(aiCall(base, s));
      return { text: r.text, tools: r.toolCalls, finish: r.finishReason, usage: r.usage, reasoning: r.reasoningText, meta: r.providerMetadata };
    }),
  },

  'ai-sdk/streamText': {
    scenarios: without('flaky'),
    async run(base, s) {
      const events = [];
      let end;
      const thrown = await orFailure(async () => {
        for await (const part of streamText({ ...aiCall(base, s), onError() {} }).fullStream) {
          if (part.type === 'error') end ??= failure(part.error);
          else events.push({ ...part, request: undefined, response: undefined, usage: part.usage ?? part.totalUsage, afterError: end ? true : undefined });
        }
      });
      return { events, end: end ?? thrown };
    },
  },

  'langchain/invoke': {
    scenarios: [...SCENARIOS, 'e400', 'e401'],
    run: (base, s) => orFailure(async () => {
      const r = await langchain(base, s).invoke(human(s));
      return { content: r.content, tools: r.tool_calls, usage: r.usage_metadata, meta: r.response_metadata };
    }),
  },

  'langchain/stream': {
    scenarios: SCENARIOS,
    run: (base, s) => orFailure(async () => {
      const out = [];
      for await (const c of await langchain(base, s).stream(human(s))) out.push({ content: c.content, tools: c.tool_call_chunks, usage: c.usage_metadata });
      return out;
    }),
  },
};

// ---- comparison

/** JSON without what differs from one call to the next. */
const PER_CALL = /^(timestamp|_request_id|requestID|request-id|date|responseTime|msToFirstChunk|id)$/i;
const comparable = (value) => JSON.stringify(value, (key, v) => (PER_CALL.test(key) && !/^(toolu|msg)_/.test(v) ? undefined : v));

async function call(client, base, s) {
  fake.state.flaky = 0;
  const from = fake.requests.length;
  const result = await client.run(base, s);
  return { result, requests: fake.requests.length - from };
}

/** The events that a client handed on before the end, as JSON lines. */
const handedOn = (result) => (result.events ?? []).filter((e) => !e.afterError).map(comparable);

/** A cut stream: nothing that the client got straight is missing, and the reason is an error of that type. */
function checkEnd({ error }, direct, via) {
  if (!direct.result.end) return 'the cut is not seen without the gateway either';
  const { end } = via.result;
  if (!end) return `the client saw a whole answer: ${comparable(via.result)?.slice(0, 200)}`;
  if (!comparable(end).includes(error)) return `the client does not learn of an ${error}: ${comparable(end).slice(0, 300)}`;
  const expected = handedOn(direct.result);
  const actual = handedOn(via.result);
  if (!actual.length || expected.some((e, i) => e !== actual[i])) return `events ${actual} instead of ${expected}`.slice(0, 400);
  return '';
}

const straight = `http://127.0.0.1:${fake.port}`;
for (const [name, client] of Object.entries(clients)) {
  for (const s of client.scenarios) {
    const id = `${name}/${s}`;
    await book.case(id, async () => {
      const direct = await call(client, straight, s);
      const via = await call(client, process.env.TARGET || straight, s);
      if (!direct.requests) return `the client sent nothing: ${comparable(direct.result)?.slice(0, 200)}`;
      if (direct.requests !== via.requests) {
        return `${via.requests} upstream requests instead of ${direct.requests}: ${comparable(via.result)?.slice(0, 160)}`;
      }
      const expected = rules.of(id);
      if (expected?.ends_with) return checkEnd(expected.ends_with, direct, via);
      const a = comparable(direct.result);
      const b = comparable(via.result);
      if (a === b) return '';
      let i = 0;
      while (a?.[i] === b?.[i]) i++;
      const around = (text) => text?.slice(Math.max(0, i - 60), i + 100);
      return `result differs at ${i}: …${around(b)}… instead of …${around(a)}…`;
    });
  }
}
await fake.stop();
if (!book.filtered) rules.assertAllUsed();
book.done();
process.exit();
