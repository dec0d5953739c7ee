// What cannot be carried: an error that says so, or an edit that is named. Never silence.
import { wrongIn } from './lib/compare.mjs';
import { image, TOOLS } from './lib/shapes.mjs';
import { exchange } from './part-shapes.mjs';

const user = (content) => ({ role: 'user', content });
const base = (members = {}) => ({ model: 'claude-sonnet-4-5', max_tokens: 2048, stream: true, messages: [user('What now?')], ...members });
const marked = { type: 'ephemeral' };

/** name -> body, status, type and a form of the message; nothing may reach the API. */
const REFUSED = {
  prefill: [base({ messages: [user('Go.'), { role: 'assistant', content: 'Once' }] }), 400, 'invalid_request_error', /assistant|prefill/i],
  'a tool that runs at Anthropic': [base({ tools: [{ type: 'web_search_20250305', name: 'web_search' }] }), 400, 'invalid_request_error', /web_search/],
  'top_p where the program sends a temperature': [base({ model: 'claude-haiku-4-5', top_p: 0.95 }), 400, 'invalid_request_error', /top_p.*temperature/],
  'a thread that the API is to remember': [base({ thread: { type: 'continue', previous_message_id: 'msg_01' } }), 400, 'invalid_request_error', /thread/, { headers: { 'anthropic-beta': 'message-threads-2026-08-12' } }],
  'a form of the answer': [base({ output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } }), 400, 'invalid_request_error', /output_config/],
  'no messages': [base({ messages: [] }), 400, 'invalid_request_error', /messages/],
};

/** name -> body, a form of what the edit says, and what arrives in place of what was sent. */
const EDITED = {
  metadata: [base({ metadata: { user_id: 'somebody' } }), /metadata/],
  'marks of the prompt cache': [
    base({ system: [{ type: 'text', text: 'Be brief.', cache_control: marked }], messages: [user([{ type: 'text', text: 'a', cache_control: marked }]), { role: 'assistant', content: 'b' }, user([{ type: 'text', text: 'c', cache_control: { ...marked, ttl: '1h' } }])] }),
    /cache_control/,
  ],
  'a picture that the program makes smaller': [base({ messages: [user([image(2600), { type: 'text', text: 'What?' }])] }), /image/],
  'betas of the client': [base(), /beta/, { headers: { 'anthropic-beta': 'output-128k-2025-02-19,context-1m-2025-08-07' } }],
  'service tier': [base({ service_tier: 'auto' }), /service_tier/],
};

export async function limits({ book, scene, api }) {
  for (const [name, [body, status, type, form, options]] of Object.entries(REFUSED)) {
    await book.case(`limits/refused: ${name}`, async () => {
      const { response, json, arrived } = await exchange(scene, api, body, options);
      const { error } = json ?? {};
      return response.status === status && error?.type === type && form.test(error.message) && !arrived.length ? '' : `${response.status} ${JSON.stringify(json)} ${arrived.length} requests`;
    });
  }
  for (const [name, [body, form, options]] of Object.entries(EDITED)) {
    await book.case(`limits/edited and named: ${name}`, async () => {
      const { response, edits, arrived, json } = await exchange(scene, api, body, options);
      if (response.status !== 200 || arrived.length !== 1) return `${response.status} ${JSON.stringify(json)} ${arrived.length} requests`;
      if (!form.test(JSON.stringify(edits))) return `x-tuppence-edits: ${response.headers.get('x-tuppence-edits')}`;
      return name.startsWith('a picture') ? '' : wrongIn(body, arrived[0]);
    });
  }
  await book.case('limits/what other paths the API has is said to be missing', async () => {
    for (const [method, route] of [['POST', '/v1/messages/batches'], ['GET', '/v1/files'], ['POST', '/v1/complete']]) {
      const response = await fetch(scene.url + route, { method, headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'k' }, body: method === 'POST' ? '{}' : undefined });
      const { error } = await response.json();
      if (response.status < 400 || response.status >= 500 || !/claude-code|Claude Code/.test(error.message)) return `${route}: ${response.status} ${JSON.stringify(error)}`;
    }
  });
  // The program puts its notes into such a result, behind its words, and takes the blanks around them away.
  await book.case('limits/blanks around a last tool result are lost with older models, and nothing else', async () => {
    const use = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'noargs', input: {} }] };
    const body = (content) => base({ tools: TOOLS.slice(2), messages: [user('Go.'), use, user([{ type: 'tool_result', tool_use_id: 'toolu_1', content }])] });
    const { response, arrived } = await exchange(scene, api, body('  done \n '));
    return response.status === 200 ? wrongIn(body('done'), arrived[0]) : String(response.status);
  });
  await book.case('limits/tokens are not counted, and that is said', async () => {
    const { response, json, arrived } = await exchange(scene, api, base({ max_tokens: undefined, stream: undefined, tools: TOOLS }), { route: '/v1/messages/count_tokens' });
    return (response.status === 200 && json.input_tokens > 0) || (response.status === 501 && /count_tokens/.test(json.error.message) && !arrived.length) ? '' : `${response.status} ${JSON.stringify(json)}`;
  });
}
