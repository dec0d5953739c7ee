// Money is integer nano-dollars (10^-9 USD). All rounding is done on integers, half away from zero.
import type { Money } from '../api/contract.ts';

const NANO = 1_000_000_000n;

/** All digits: "$0.004213500". */
export function exact(money: Money): string {
  const value = BigInt(Math.round(money));
  const size = value < 0n ? -value : value;
  return `${value < 0n ? '−' : ''}$${grouped(size / NANO)}.${String(size % NANO).padStart(9, '0')}`;
}

/** As many digits as one reads: cents from a dollar on, else three that count, and never a small sum as zero. */
export function short(money: Money): string {
  if (money === 0) return '$0';
  const size = Math.abs(money);
  // Zeros at the end say nothing beyond cents: $0.50, $0.024.
  return fixed(money, decimals(size)).replace(/(\.\d\d\d*?)0+$/, '$1');
}

/** Decimals for a column of sums, so that its points stand under each other: as many as the largest wants, and tenths of a cent at least. */
export const placesFor = (sums: readonly (Money | null | undefined)[]): number => {
  const most = sums.reduce<number>((max, sum) => Math.max(max, Math.abs(sum ?? 0)), 0);
  return most === 0 ? 2 : Math.max(3, decimals(most));
};

/** With the given number of decimals, 0 to 9. */
export function fixed(money: Money, places: number): string {
  const value = BigInt(Math.round(money));
  const size = value < 0n ? -value : value;
  const unit = 10n ** BigInt(9 - places);
  const rounded = (size + unit / 2n) / unit;
  const scale = 10n ** BigInt(places);
  const fraction = places === 0 ? '' : `.${String(rounded % scale).padStart(places, '0')}`;
  return `${value < 0n && rounded > 0n ? '−' : ''}$${grouped(rounded / scale)}${fraction}`;
}

function decimals(size: number): number {
  if (size >= 995_000_000) return 2;
  // 0.0421 has its first digit that counts at the second place; two more follow.
  const first = 9 - Math.floor(Math.log10(size));
  return Math.min(9, first + 2);
}

function grouped(whole: bigint): string {
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}
