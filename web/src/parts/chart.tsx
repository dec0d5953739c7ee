// Spend over time: at most some thirty bars, so plain elements do; they follow the colours of the page by themselves.
import { useState } from 'preact/hooks';
import type { Sum } from '../api/contract.ts';
import { short } from '../lib/money.ts';
import { many, percent } from '../lib/numbers.ts';
import { ticks } from '../lib/scale.ts';
import { slot } from '../lib/time.ts';

export function Chart({ by, sums }: { by: 'hour' | 'day'; sums: readonly Sum[] }) {
  const [at, setAt] = useState<number | null>(null);
  const lines = ticks(sums.reduce((most, sum) => Math.max(most, sum.cost, sum.withoutCaching), 0));
  const top = lines.at(-1) || 1;
  const every = Math.ceil(sums.length / 8);
  const pointed = at === null ? undefined : sums[at];
  const share = (value: number) => `${Math.min(100, (value / top) * 100)}%`;
  return (
    <figure class="chart">
      <div class="chart-frame" aria-hidden="true" onPointerLeave={() => setAt(null)}>
        {lines.map((line) => <span key={line} class="chart-line" style={{ bottom: share(line) }}><span>{short(line)}</span></span>)}
        <div class="chart-bars">
          {sums.map((sum, i) => (
            <span key={sum.group} class={`chart-bar${i === at ? ' pointed' : ''}`} onPointerEnter={() => setAt(i)}>
              <span class="chart-ghost" style={{ height: share(sum.withoutCaching) }} />
              <span class="chart-spent" style={{ height: share(sum.cost) }} />
              {i % every === 0 && <span class={`chart-label${(i / every) % 2 ? ' odd' : ''}`}>{slot(sum.group ?? '', by)}</span>}
            </span>
          ))}
        </div>
      </div>
      <figcaption>
        <ul class="legend">
          <li><span class="swatch spent" aria-hidden="true" />spent</li>
          <li><span class="swatch ghost" aria-hidden="true" />without caching</li>
        </ul>
        <span class="chart-note" aria-hidden="true">{pointed && line(pointed, by)}</span>
      </figcaption>
      <details class="chart-table">
        <summary>The same as a table</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label="Spend over time as a table">
          <table class="rows numbers">
            <thead><tr><th scope="col">{by === 'hour' ? 'Hour' : 'Day'}</th><th scope="col" class="right">Requests</th><th scope="col" class="right">Spent</th><th scope="col" class="right">Without caching</th><th scope="col" class="right">Lower bound</th></tr></thead>
            <tbody>{sums.filter((sum) => sum.requests > 0).map((sum) => <tr key={sum.group}><th scope="row">{slot(sum.group ?? '', by)}</th><td class="right">{sum.requests}</td><td class="right">{short(sum.cost)}</td><td class="right">{short(sum.withoutCaching)}</td><td class="right">{short(sum.bound)}</td></tr>)}</tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

const line = (sum: Sum, by: 'hour' | 'day'): string =>
  `${slot(sum.group ?? '', by)}: ${short(sum.cost)}, ${many(sum.requests, 'request')}${sum.withoutCaching > sum.cost ? `, ${percent(sum.withoutCaching - sum.cost, sum.withoutCaching)} saved` : ''}`;
