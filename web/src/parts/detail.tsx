// Parts of a request: timing, usage with its price, differences, headers.
import type { Cost, DiffLine, Head, Row, Usage } from '../api/contract.ts';
import { placesFor } from '../lib/money.ts';
import { count, duration, percent } from '../lib/numbers.ts';
import { Money } from './basics.tsx';

/** Where the time went. `own` lies within the others: it is what Tuppence itself took. */
export function Waterfall({ times }: { times: Row['times'] }) {
  const total = Math.max(times.total, 1);
  const first = times.firstByte ?? total;
  const rows: [string, number, number, string][] = [
    ['waited in Tuppence', 0, times.queue, 'queue'],
    [times.firstByte === null ? 'no answer' : 'until the first byte', times.queue, Math.max(0, first - times.queue), 'first'],
    ...(times.firstByte === null ? [] : [['answer', first, Math.max(0, total - first), 'answer'] as [string, number, number, string]]),
  ];
  return (
    <table class="waterfall">
      <caption class="hidden">Timing</caption>
      <tbody>
        {rows.map(([name, from, length, kind]) => (
          <tr key={kind}>
            <th scope="row">{name}</th>
            <td class="waterfall-lane" aria-hidden="true"><span class={`wave ${kind}`} style={{ marginLeft: `${Math.min(99.5, (from / total) * 100)}%`, width: `${Math.max(0.5, (length / total) * 100)}%` }} /></td>
            <td class="right">{duration(length)}</td>
          </tr>
        ))}
        <tr class="sum"><th scope="row">total</th><td class="waterfall-lane dim">of it Tuppence's own: {duration(times.own)}</td><td class="right">{duration(times.total)}</td></tr>
      </tbody>
    </table>
  );
}

export function UsageTable({ usage, cost }: { usage: Usage | null; cost: Cost | null }) {
  if (!usage) return <p class="dim">The answer told no usage: nothing is known to be owed.</p>;
  const written = usage.cacheWrite5m + usage.cacheWrite1h;
  const rows: [string, string, number | null][] = [
    ['input, neither read nor written', count(usage.input), cost?.input ?? null],
    ['read from the cache', count(usage.cacheRead), cost?.cacheRead ?? null],
    ['written to the cache', written === 0 ? '0' : `${count(written)}${usage.cacheWrite1h > 0 ? ` (${count(usage.cacheWrite1h)} for 1 h)` : ''}`, cost?.cacheWrite ?? null],
    ['output', `${count(usage.output)}${usage.thinking ? ` (${count(usage.thinking)} thinking)` : ''}`, cost?.output ?? null],
    ...(usage.webSearches + usage.webFetches > 0 ? [['server tools', `${usage.webSearches} searches, ${usage.webFetches} fetches`, cost?.serverTools ?? null] as [string, string, number | null]] : []),
  ];
  const places = cost ? Math.min(9, placesFor([cost.total]) + 2) : undefined;
  return (
    <>
      <table class="rows numbers usage">
        <thead><tr><th scope="col">Usage</th><th scope="col" class="right">Tokens</th><th scope="col" class="right">Cost</th></tr></thead>
        <tbody>{rows.map(([name, tokens, money]) => <tr key={name}><th scope="row">{name}</th><td class="right">{tokens}</td><td class="right"><Money of={money} places={places} /></td></tr>)}</tbody>
        <tfoot><tr><th scope="row">total</th><td /><td class="right"><strong><Money of={cost?.total ?? null} places={places} /></strong></td></tr></tfoot>
      </table>
      {cost && cost.withoutCaching !== cost.total && <p class="dim">Without caching: <Money of={cost.withoutCaching} />, so caching {cost.withoutCaching > cost.total ? 'saved' : 'cost'} <Money of={Math.abs(cost.withoutCaching - cost.total)} /> ({percent(Math.abs(cost.withoutCaching - cost.total), cost.withoutCaching)}).</p>}
      {usage.partial && <p class="dim">The stream was cut short: this is what had been reported by then.</p>}
      {(usage.serviceTier || usage.inferenceGeo) && <p class="dim">{[usage.serviceTier && `service tier ${usage.serviceTier}`, usage.inferenceGeo && `inference in ${usage.inferenceGeo}`].filter(Boolean).join(', ')}</p>}
    </>
  );
}

const SIGNS: Record<DiffLine['kind'], [string, string]> = { same: [' ', ''], removed: ['−', 'removed: '], added: ['+', 'added: '] };

export function Diff({ lines, label }: { lines: readonly DiffLine[]; label: string }) {
  if (lines.length === 0) return <p class="dim">No difference.</p>;
  return (
    <div class="diff" tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, i) => <div key={i} class={`diff-line ${line.kind}`}><span class="diff-sign" aria-hidden="true">{SIGNS[line.kind][0]}</span><span class="hidden">{SIGNS[line.kind][1]}</span><span>{line.text}</span></div>)}
    </div>
  );
}

export function HeadTable({ head, title }: { head: Head | null; title: string }) {
  return (
    <section class="card">
      <h2>{title}</h2>
      {head === null ? <p class="dim">Gone: headers are kept in memory for the latest requests only.</p> : (
        <>
          <p><code class="wrap">{head.line}</code></p>
          <div class="headers" tabIndex={0} role="region" aria-label={title}><dl>{head.headers.map(([name, value], i) => <div key={i}><dt>{name}</dt><dd>{value}</dd></div>)}</dl></div>
        </>
      )}
    </section>
  );
}
