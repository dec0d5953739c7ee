/** Round values from 0 to at least `most`, three or four of them: 1, 2 or 5 times a power of ten apart. Integers in, integers out. */
export function ticks(most: number): number[] {
  if (most <= 0) return [0];
  const rough = most / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power);
  const list = [0];
  while (list.at(-1)! < most) list.push(Math.round(list.length * step));
  return list;
}
