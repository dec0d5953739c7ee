// A turn of the playground: a streamed Messages request and what came of it.
import { errorOf } from './client.ts';
import { EventReader } from '../lib/sse.ts';

export interface ChatRequest { preset: string; model: string; maxTokens: number; system: string; messages: { role: 'user' | 'assistant'; content: string }[]; key: string }

export interface ChatUsage { input: number; cacheRead: number; cacheWrite: number; output: number }

export interface ChatEnd { stopReason: string | null; usage: ChatUsage; requestId: string | null }

interface Wire {
  type?: string;
  message?: { usage?: Record<string, number | undefined> };
  delta?: { type?: string; text?: string; thinking?: string; stop_reason?: string | null };
  usage?: Record<string, number | undefined>;
  error?: { message?: string };
}

/** Sends and reads; gives what was used. Throws with the reason in words where there is no answer, or where it broke off. */
export async function chat(request: ChatRequest, on: { text: (piece: string) => void; thinking: (piece: string) => void; began: (requestId: string | null) => void }, abort: AbortSignal): Promise<ChatEnd> {
  const path = request.preset ? `/v1/${encodeURIComponent(request.preset)}/messages` : '/v1/messages';
  const body = {
    model: request.model,
    max_tokens: request.maxTokens,
    ...(request.system ? { system: request.system } : {}),
    messages: request.messages,
    stream: true,
  };
  const answer = await fetch(path, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...(request.key ? { 'x-api-key': request.key } : {}) },
    body: JSON.stringify(body),
    signal: abort,
  });
  if (!answer.ok || !answer.body) throw await errorOf(answer);

  const requestId = answer.headers.get('x-tuppence-request-id');
  on.began(requestId);
  const usage: ChatUsage = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };
  let stopReason: string | null = null;
  let complete = false;
  const events = new EventReader();
  const text = new TextDecoder();
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    for (const { data } of events.take(text.decode(value, { stream: true }))) {
      const event = JSON.parse(data) as Wire;
      if (event.type === 'error') throw new Error(event.error?.message ?? 'The answer broke off.');
      if (event.message?.usage) take(usage, event.message.usage);
      if (event.usage) take(usage, event.usage);
      if (event.delta?.text) on.text(event.delta.text);
      if (event.delta?.thinking) on.thinking(event.delta.thinking);
      if (event.delta?.stop_reason) stopReason = event.delta.stop_reason;
      if (event.type === 'message_stop') complete = true;
    }
  }
  if (!complete) throw new Error('The answer broke off before its end.');
  return { stopReason, usage, requestId };
}

function take(usage: ChatUsage, wire: Record<string, number | undefined>): void {
  usage.input = wire['input_tokens'] ?? usage.input;
  usage.cacheRead = wire['cache_read_input_tokens'] ?? usage.cacheRead;
  usage.cacheWrite = wire['cache_creation_input_tokens'] ?? usage.cacheWrite;
  usage.output = wire['output_tokens'] ?? usage.output;
}
