import { useEffect, useState } from 'preact/hooks';
import { address, get, withQuery } from '../api/client.ts';
import type { ModelInfo, Row } from '../api/contract.ts';
import { ended, open } from '../api/live.ts';
import { brief, duration, many, percent } from '../lib/numbers.ts';
import { placesFor } from '../lib/money.ts';
import { href, route, setQuery } from '../lib/route.ts';
import { Empty, Failure, KINDS_OF_REQUEST, Money, Status, Title, Waiting, When, failedRow, modelName } from '../parts/basics.tsx';
import { useAction, useResource } from '../parts/resource.ts';
import { Search } from './conversations.tsx';
import { OpenLine } from './overview.tsx';

interface Page { rows: Row[]; next: string | null }
const LIMIT = 100;
const FILTERS = ['model', 'upstream', 'preset', 'key', 'conversation'] as const;

export function Requests() {
  const { query } = route.value;
  const q = query.get('q') ?? '';
  const failed = query.get('failed') === 'true';
  const from = query.get('from') ?? '';
  const until = query.get('until') ?? '';
  const filters = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? '']));
  const asked = { q, failed, ...filters, from: dayStart(from), until: dayStart(until, 1) };
  const path = withQuery('requests', { limit: LIMIT, ...asked });
  const { data, error, reload, loading } = useResource<Page>(path);
  const [older, setOlder] = useState<{ rows: Row[]; next: string | null } | null>(null);
  useEffect(() => setOlder(null), [path]);

  const more = useAction(async () => {
    const page = await get<Page>(withQuery('requests', { limit: LIMIT, ...asked, before: older ? older.next : data?.next }));
    setOlder({ rows: [...(older?.rows ?? []), ...page.rows], next: page.next });
  });

  const fits = (row: Row) => (!failed || failedRow(row)) && FILTERS.every((name) => !filters[name] || row[name] === filters[name]) && !until && matches(row, q);
  const have = new Set(data?.rows.map((row) => row.id));
  const fresh = data ? ended.value.filter((row) => !have.has(row.id) && fits(row) && (!data.rows[0] || row.at >= data.rows[0].at)) : [];
  const rows = data ? [...fresh, ...data.rows, ...(older?.rows ?? [])] : [];
  const places = placesFor(rows.map((row) => row.cost?.total));
  const next = older ? older.next : data?.next ?? null;
  const narrowed = q !== '' || failed || from !== '' || until !== '' || FILTERS.some((name) => filters[name]);
  const now = narrowed ? [] : open.value;

  return (
    <>
      <Title actions={<Search value={q} label="Search requests" />}>Requests</Title>
      <Filters rows={rows} filters={filters} failed={failed} from={from} until={until} narrowed={narrowed} />
      <Failure error={error} retry={reload} />
      {!data && !error && <section class="card"><Waiting rows={12} /></section>}
      {data && rows.length + now.length === 0 && (
        <section class="card">
          {narrowed ? <Empty title="No request fits."><p><button type="button" class="link" onClick={clear}>Take all filters away</button></p></Empty>
            : <Empty title="No request yet."><p>Everything that passes through Tuppence is listed here: what it was, what it cost, how long it took. <a href="#/">Connect a front end</a>, or use the <a href={href('playground')}>playground</a>.</p></Empty>}
        </section>
      )}
      {rows.length + now.length > 0 && (
        <section class={`card table-card${loading ? ' busy' : ''}`}>
          {now.length > 0 && <ul class="live-list">{[...now].reverse().map((one) => <OpenLine key={one.id} one={one} />)}</ul>}
          <table class="rows cards requests">
            <thead><tr><th scope="col">When</th><th scope="col">Model</th><th scope="col">Client, preset</th><th scope="col">Status</th><th scope="col" class="right">Prompt</th><th scope="col" class="right">Read</th><th scope="col" class="right">Output</th><th scope="col" class="right">Time</th><th scope="col" class="right">Cost</th></tr></thead>
            <tbody>{rows.map((row) => <Line key={row.id} row={row} places={places} />)}</tbody>
          </table>
          {next && <p class="more"><button type="button" disabled={more.busy} onClick={() => { void more.run(); }}>{more.busy ? 'Loading …' : 'Show older ones'}</button></p>}
          <Failure error={more.error} />
        </section>
      )}
      <Exports from={asked.from} until={asked.until} />
    </>
  );
}

const clear = () => setQuery(Object.fromEntries(['q', 'failed', 'from', 'until', ...FILTERS].map((name) => [name, null])));

/** Local midnight of a day as UTC; `after` adds days. */
function dayStart(day: string, after = 0): string | null {
  const at = new Date(`${day}T00:00`);
  if (!day || Number.isNaN(at.getTime())) return null;
  at.setDate(at.getDate() + after);
  return at.toISOString();
}

function matches(row: Row, q: string): boolean {
  const text = [row.id, row.model, row.client, row.preset, row.upstream, row.title, row.errorType].join(' ').toLowerCase();
  return q.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

function Line({ row, places }: { row: Row; places: number }) {
  const prompt = row.usage ? row.usage.input + row.usage.cacheRead + row.usage.cacheWrite5m + row.usage.cacheWrite1h : null;
  return (
    <tr>
      <th scope="row" class="nowrap"><a href={href('requests', row.id)}><When at={row.at} /></a></th>
      <td data-label="Model">{modelName(row.model)}{row.kind !== 'message' && <span class="tag quiet">{KINDS_OF_REQUEST[row.kind]}</span>}</td>
      <td data-label="Client, preset" class="ellipsis">{[row.title, row.client, row.preset, row.key].filter(Boolean).join(' · ') || <span class="dim">–</span>}</td>
      <td data-label="Status"><Status row={row} />{row.retries > 0 && <span class="dim nowrap" title={many(row.retries, 'retry', 'retries')}> <span aria-hidden="true">↻{row.retries}</span><span class="hidden">{many(row.retries, 'retry', 'retries')}</span></span>}</td>
      <td class="right" data-label="Prompt">{prompt === null ? <span class="dim">–</span> : brief(prompt)}</td>
      <td class="right" data-label="Read">{prompt === null ? <span class="dim">–</span> : percent(row.usage!.cacheRead, prompt)}</td>
      <td class="right" data-label="Output">{row.usage ? brief(row.usage.output) : <span class="dim">–</span>}</td>
      <td class="right nowrap" data-label="Time">{duration(row.times.total)}</td>
      <td class="right" data-label="Cost">{row.usage ? <Money of={row.cost?.total ?? null} places={places} /> : <span class="dim">–</span>}</td>
    </tr>
  );
}

function Filters({ rows, filters, failed, from, until, narrowed }: { rows: Row[]; filters: Record<string, string>; failed: boolean; from: string; until: string; narrowed: boolean }) {
  const models = useResource<{ models: ModelInfo[] } | ModelInfo[]>('models');
  const listed = (Array.isArray(models.data) ? models.data : models.data?.models ?? []).map((one) => one.id);
  const values = (name: (typeof FILTERS)[number]) => [...new Set([filters[name] || null, ...rows.map((row) => row[name]), ...(name === 'model' ? listed : [])].filter((value): value is string => Boolean(value)))].sort();
  return (
    <div class="filters" role="group" aria-label="Filters">
      {(['model', 'upstream', 'preset', 'key'] as const).map((name) => {
        const choices = values(name);
        return choices.length > (filters[name] ? 0 : name === 'upstream' ? 1 : 0) && (
          <label key={name}><span>{name}</span><select value={filters[name]} onChange={(e) => setQuery({ [name]: e.currentTarget.value || null })}><option value="">any</option>{choices.map((value) => <option key={value} value={value}>{name === 'model' ? modelName(value) : value}</option>)}</select></label>
        );
      })}
      <label><span>from</span><input type="date" value={from} max={until || undefined} onChange={(e) => setQuery({ from: e.currentTarget.value || null })} /></label>
      <label><span>to</span><input type="date" value={until} min={from || undefined} onChange={(e) => setQuery({ until: e.currentTarget.value || null })} /></label>
      <label class="check"><input type="checkbox" checked={failed} onChange={(e) => setQuery({ failed: e.currentTarget.checked ? 'true' : null })} /> failed only</label>
      {filters['conversation'] && <span class="chip">one conversation <button type="button" aria-label="Show all conversations" onClick={() => setQuery({ conversation: null })}>✕</button></span>}
      {narrowed && <button type="button" class="link" onClick={clear}>Clear</button>}
    </div>
  );
}

/** Plain links: a download is the browser's affair. */
function Exports({ from, until }: { from: string | null; until: string | null }) {
  return (
    <p class="exports">
      <span class="dim">{from || until ? 'Export these days as' : 'Export the ledger as'}</span>
      {([['csv', 'CSV'], ['jsonl', 'JSON lines'], ['parquet', 'Parquet']] as const).map(([format, name]) => <a key={format} href={address(withQuery('export', { format, from, until }))} download>{name}</a>)}
    </p>
  );
}
