import { useEffect, useState } from 'preact/hooks';
import { ApiError, post, put, remove, segment } from '../api/client.ts';
import type { Preset, PresetTry, PresetVersion } from '../api/contract.ts';
import { href } from '../lib/route.ts';
import { Copy, Failure, Notice, Title, Waiting, When } from '../parts/basics.tsx';
import { Diff } from '../parts/detail.tsx';
import { useAction, useResource } from '../parts/resource.ts';

const FRESH = `{
  "description": "",
  "system": "",
  "suffix": ""
}
`;
const SAMPLE = JSON.stringify({
  model: 'claude-sonnet-5',
  max_tokens: 1024,
  system: [{ type: 'text', text: 'You are the narrator.' }],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'I open the door.' }] }],
}, null, 2);

export function PresetPage({ name }: { name: string }) {
  const path = `presets/${segment(name)}`;
  const { data, error, reload } = useResource<Preset>(path);
  const history = useResource<{ versions: PresetVersion[] } | PresetVersion[]>(`${path}/history`);
  const isNew = error instanceof ApiError && error.status === 404;
  const [text, setText] = useState<string | null>(null);
  const [problems, setProblems] = useState<string[]>([]);
  const [done, setDone] = useState<string | null>(null);
  const kept = data?.text ?? (isNew ? FRESH : '');
  const now = text ?? kept;
  const dirty = text !== null && text !== data?.text;
  useEffect(() => {
    if (!dirty) return undefined;
    const ask = (e: BeforeUnloadEvent) => e.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [dirty]);

  const versions = Array.isArray(history.data) ? history.data : history.data?.versions ?? [];
  const save = useAction(async () => {
    setDone(null);
    setProblems([]);
    const bad = notJson(now);
    if (bad) {
      setProblems([bad]);
      return;
    }
    try {
      const answer = await put<{ ok?: boolean; errors?: { text: string }[] } | undefined>(path, { text: now, version: data?.version ?? null });
      if (answer?.ok === false) {
        setProblems(answer.errors?.map((one) => one.text) ?? ['The preset was not taken.']);
        return;
      }
    } catch (e) {
      if (!(e instanceof ApiError) || e.status !== 400) throw e;
      setProblems([e.message]);
      return;
    }
    setText(null);
    setDone('Saved. Requests from now on get it.');
    reload();
    history.reload();
  });
  const drop = useAction(async () => {
    if (!confirm(`Delete the preset ${name}? Its history stays, so it can be brought back.`)) return;
    await remove(path, { version: data?.version });
    location.hash = href('settings', 'presets');
  });

  const back = { href: href('settings', 'presets'), text: 'Presets' };
  if (!data && !isNew) return <><Title back={back}>{name}</Title><Failure error={error} retry={reload} />{!error && <section class="card"><Waiting rows={8} /></section>}</>;
  return (
    <>
      <Title back={back}>{name}{isNew && <span class="dim title-second"> new</span>}</Title>
      {data && <p class="dim under-title copyable"><code class="wrap">{data.url}</code> <Copy text={data.url} label="the address" /></p>}
      {data?.shipped && <Notice>This one comes with Tuppence. Saved, your version takes its place; the <a href="/docs/presets.md">guide</a> tells what each member does.</Notice>}
      <Failure error={save.error ?? drop.error} />
      {done && <Notice kind="good">{done}</Notice>}
      <section class="card">
        <div class="card-head"><h2><label for="preset-text">File</label></h2>{dirty && <span class="tag warn">not saved</span>}</div>
        <textarea id="preset-text" class="mono editor" rows={Math.min(28, Math.max(10, now.split('\n').length + 1))} spellcheck={false} value={now} aria-invalid={problems.length > 0} aria-describedby={problems.length > 0 ? 'preset-errors' : undefined} onInput={(e) => { setText(e.currentTarget.value); setDone(null); setProblems([]); }} />
        {problems.length > 0 && <div id="preset-errors" role="alert">{problems.map((one, i) => <p key={i} class="error">{one}</p>)}</div>}
        <p class="buttons">
          <button type="button" class="primary" disabled={save.busy || (!dirty && !isNew)} onClick={() => { void save.run(); }}>{save.busy ? 'Saving …' : 'Save'}</button>
          <button type="button" disabled={!dirty} onClick={() => { setText(null); setProblems([]); }}>Discard</button>
          {data && !data.shipped && <button type="button" class="danger end" disabled={drop.busy} onClick={() => { void drop.run(); }}>Delete</button>}
        </p>
      </section>
      <Try path={path} preset={now} />
      <section class="card">
        <h2>History</h2>
        {versions.length === 0 ? <p class="dim">No earlier version yet.</p> : (
          <ol class="plain-list changes">{versions.map((one) => <li key={one.version}><When at={one.at} /> <code class="dim">{one.version.slice(0, 10)}</code> {one.text === now ? <span class="dim">what is shown</span> : <button type="button" class="small" onClick={() => { setText(one.text); document.getElementById('preset-text')?.focus(); }}>Load into the editor</button>}</li>)}</ol>
        )}
      </section>
    </>
  );
}

function notJson(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (e) {
    return `This is not JSON: ${e instanceof Error ? e.message : String(e)}`;
  }
}

/** What the preset would make of a request; nothing is sent. */
function Try({ path, preset }: { path: string; preset: string }) {
  const [request, setRequest] = useState(SAMPLE);
  const [result, setResult] = useState<PresetTry | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const run = useAction(async () => {
    setResult(null);
    const bad = notJson(request);
    setWrong(bad);
    if (!bad) setResult(await post<PresetTry>(`${path}/try`, { text: preset, request: JSON.parse(request) }));
  });
  return (
    <section class="card">
      <h2>Try</h2>
      <details>
        <summary>The request to try it on</summary>
        <textarea class="mono editor" rows={12} spellcheck={false} aria-label="Request" aria-invalid={wrong !== null} value={request} onInput={(e) => setRequest(e.currentTarget.value)} />
        {wrong && <p class="error" role="alert">{wrong}</p>}
      </details>
      <p class="buttons"><button type="button" disabled={run.busy} onClick={() => { void run.run(); }}>Show what it would do</button> <span class="dim small-text">Nothing is sent, nothing is saved.</span></p>
      <Failure error={run.error} />
      {result && result.errors.length > 0 && <Notice kind="bad">{result.errors.map((one, i) => <p key={i}>{one}</p>)}</Notice>}
      {result && result.errors.length === 0 && <Diff lines={result.diff} label="What the preset changes" />}
    </section>
  );
}
