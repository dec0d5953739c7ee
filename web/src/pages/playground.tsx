import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, get, message, segment, session } from '../api/client.ts';
import type { ModelInfo, PresetInfo, RequestDetail, Row } from '../api/contract.ts';
import { ended } from '../api/live.ts';
import { chat, type ChatUsage } from '../api/chat.ts';
import { brief, many, percent } from '../lib/numbers.ts';
import { href } from '../lib/route.ts';
import { Empty, Field, Money, Notice, Title, modelName } from '../parts/basics.tsx';
import { useResource } from '../parts/resource.ts';
import { modelsOf } from './connect.tsx';

interface Said { role: 'user' | 'assistant'; content: string; thinking?: string; usage?: ChatUsage; requestId?: string | null; stopReason?: string | null; row?: Row }

// The chat outlives a look at another page, not the tab.
const said = signal<Said[]>([]);
const chosen = signal({ preset: '', model: '', maxTokens: 1024, system: '' });
const key = signal('');

export function Playground() {
  const models = modelsOf(useResource<{ models: ModelInfo[] } | ModelInfo[]>('models').data);
  const presets = useResource<{ presets: PresetInfo[] }>('presets').data?.presets ?? [];
  const [text, setText] = useState('');
  const [busy, setBusy] = useState<AbortController | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [needsKey, setNeedsKey] = useState(false);
  const end = useRef<HTMLDivElement>(null);
  const { preset, model, maxTokens, system } = chosen.value;
  const now = model || models.find((one) => one.id.includes('haiku'))?.id || models[0]?.id || '';
  const set = (change: Partial<typeof chosen.value>) => { chosen.value = { ...chosen.value, ...change }; };
  const price = models.find((one) => one.id === now);

  useEffect(() => { end.current?.scrollIntoView({ block: 'nearest' }); }, [said.value]);
  // The ledger's own row has the exact cost.
  useEffect(() => {
    const rows = new Map(ended.value.map((row) => [row.id, row]));
    if (said.value.some((one) => one.requestId && !one.row && rows.has(one.requestId))) said.value = said.value.map((one) => (one.requestId && !one.row && rows.has(one.requestId) ? { ...one, row: rows.get(one.requestId)! } : one));
  }, [ended.value, said.value]);

  const send = async () => {
    if (busy || text.trim() === '') return;
    const before = said.value;
    const mine = text;
    const abort = new AbortController();
    const last = (change: (one: Said) => Said) => { said.value = [...said.value.slice(0, -1), change(said.value.at(-1)!)]; };
    said.value = [...before, { role: 'user', content: mine }, { role: 'assistant', content: '' }];
    setText('');
    setBusy(abort);
    setError(null);
    try {
      const messages = [...before, { role: 'user' as const, content: mine }].filter((one) => one.content !== '').map(({ role, content }) => ({ role, content }));
      const result = await chat({ preset, model: now, maxTokens, system, messages, key: key.value }, {
        text: (piece) => last((one) => ({ ...one, content: one.content + piece })),
        thinking: (piece) => last((one) => ({ ...one, thinking: (one.thinking ?? '') + piece })),
        began: (requestId) => last((one) => ({ ...one, requestId })),
      }, abort.signal);
      last((one) => ({ ...one, ...result }));
    } catch (e) {
      if (abort.signal.aborted) last((one) => ({ ...one, stopReason: 'stopped' }));
      else {
        setError(new Error(message(e)));
        if (e instanceof ApiError && e.status === 401 && session.value?.needsKey) setNeedsKey(true);
        // What was never answered can be sent again as it was.
        if (said.value.at(-1)!.content === '') {
          said.value = before;
          setText(mine);
        }
      }
    } finally {
      setBusy(null);
    }
    const id = said.value.at(-1)?.requestId;
    if (id && !said.value.at(-1)?.row) await fetchRow(id);
  };

  const total = said.value.reduce((sum, one) => sum + (one.row?.cost?.total ?? 0), 0);
  return (
    <>
      <Title actions={said.value.length > 0 && <button type="button" class="small" disabled={busy !== null} onClick={() => { said.value = []; setError(null); }}>New chat</button>}>Playground</Title>
      <div class="playground">
        <section class="card play-side" aria-label="What to ask with">
          <Field id="play-preset" label="Preset"><select id="play-preset" value={preset} onChange={(e) => set({ preset: e.currentTarget.value })}><option value="">none</option>{presets.map((one) => <option key={one.name} value={one.name}>{one.name}</option>)}</select></Field>
          <Field id="play-model" label="Model" hint={price && <>input <Money of={price.input * 1_000_000} />, output <Money of={price.output * 1_000_000} /> a million tokens</>}><select id="play-model" value={now} onChange={(e) => set({ model: e.currentTarget.value })}>{models.map((one) => <option key={one.id} value={one.id}>{modelName(one.id)}</option>)}</select></Field>
          <Field id="play-max" label="Longest answer, in tokens" hint={price && <>one answer costs at most <Money of={price.output * maxTokens} /> for output</>}><input id="play-max" type="number" min={1} max={price?.maxOutput ?? 128_000} value={maxTokens} onInput={(e) => { const value = Math.floor(Number(e.currentTarget.value)); if (value > 0) set({ maxTokens: value }); }} /></Field>
          <Field id="play-system" label="System prompt"><textarea id="play-system" rows={4} value={system} onInput={(e) => set({ system: e.currentTarget.value })} /></Field>
          {needsKey && <Field id="play-key" label="Gateway key" hint="Kept in this tab only."><input id="play-key" type="password" autoComplete="off" value={key.value} onInput={(e) => { key.value = e.currentTarget.value; }} /></Field>}
          {said.value.length > 0 && <p class="play-total">This chat: <strong><Money of={total} /></strong></p>}
        </section>
        <section class="card play-chat" aria-label="Chat">
          <div class="play-list" tabIndex={0} role="log" aria-label="Messages" aria-live="off">
            {said.value.length === 0 && <Empty title="Ask something."><p>A real request through Tuppence: with the preset, the edits and the cache level that a front end would get, and with its cost.</p></Empty>}
            {said.value.map((one, i) => <Message key={i} one={one} streaming={busy !== null && i === said.value.length - 1} />)}
            <div ref={end} />
          </div>
          {error && <Notice kind="bad">{error.message}</Notice>}
          <form class="play-form" onSubmit={(e) => { e.preventDefault(); void send(); }}>
            <textarea aria-label="Message" rows={3} placeholder="Message. Enter sends, Shift+Enter begins a line." value={text} onInput={(e) => setText(e.currentTarget.value)} onKeyDown={(e) => { if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) { e.preventDefault(); void send(); } }} />
            {busy ? <button type="button" class="danger" onClick={() => busy.abort()}>Stop</button> : <button class="primary" disabled={text.trim() === '' || now === ''}>Send</button>}
          </form>
          <span class="hidden" role="status">{busy ? 'Answering' : said.value.length > 0 ? 'The answer is complete' : ''}</span>
        </section>
      </div>
    </>
  );
}

/** Without the live feed the row is asked for: it is in the ledger within 200 ms. */
async function fetchRow(id: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    await new Promise((done) => setTimeout(done, 300));
    if (said.value.find((one) => one.requestId === id)?.row) return;
    try {
      const { row } = await get<RequestDetail>(`requests/${segment(id)}`);
      said.value = said.value.map((one) => (one.requestId === id ? { ...one, row } : one));
      return;
    } catch { /* not written yet */ }
  }
}

function Message({ one, streaming }: { one: Said; streaming: boolean }) {
  const usage = one.row?.usage;
  const prompt = usage ? usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h : one.usage ? one.usage.input + one.usage.cacheRead + one.usage.cacheWrite : 0;
  const read = usage?.cacheRead ?? one.usage?.cacheRead ?? 0;
  const output = usage?.output ?? one.usage?.output ?? 0;
  return (
    <div class={`said ${one.role}`}>
      <p class="said-who">{one.role === 'user' ? 'You' : 'Claude'}{streaming && <span class="pulse" aria-hidden="true" />}</p>
      {one.thinking && <details class="thinking"><summary>Thinking</summary><p class="said-text">{one.thinking}</p></details>}
      <p class="said-text">{one.content || (streaming ? '…' : '')}</p>
      {one.role === 'assistant' && !streaming && (
        <p class="said-cost dim">
          {prompt > 0 && <>{brief(prompt)} in{read > 0 && <> ({percent(read, prompt)} read from the cache)</>}, {brief(output)} out · </>}
          {one.row ? one.row.usage ? <strong><Money of={one.row.cost?.total ?? null} /></strong> : 'no usage told' : one.requestId ? 'cost follows' : ''}
          {one.stopReason && one.stopReason !== 'end_turn' && <> · {one.stopReason === 'stopped' ? 'stopped' : one.stopReason === 'max_tokens' ? `cut off at ${many(output, 'token')}` : one.stopReason.replaceAll('_', ' ')}</>}
          {one.requestId && <> · <a href={href('requests', one.requestId)}>request</a></>}
        </p>
      )}
    </div>
  );
}
