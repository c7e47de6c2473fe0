import { type FloatFormat, type Stored, widen } from '../../numerics/stored.ts';

/** Bits of the fraction and least exponent of the narrower formats. */
const NARROW = { F32: [23, -126], F16: [10, -14], BF16: [7, -126] } as const;

/**
 * Whether a tensor holds the numbers of another one, each rounded to the nearest of one narrower format (ties to even,
 * by way of float32, as torch converts). The copy may be stored in a wider format than it was rounded to.
 * @shape copy and exact: the same
 */
export function isRoundedCopy(copy: Stored, exact: Stored): boolean {
  const chunk = 4096;
  const [wideCopy, wideExact] = [new Float64Array(chunk), new Float64Array(chunk)];
  let formats = Object.keys(NARROW) as (keyof typeof NARROW)[];
  for (let from = 0; from < exact.data.length && formats.length > 0; from += chunk) {
    const count = Math.min(chunk, exact.data.length - from);
    widen(copy, from, count, wideCopy);
    widen(exact, from, count, wideExact);
    formats = formats.filter((format) => {
      for (let i = 0; i < count; i++) if (rounded(wideExact[i]!, format) !== wideCopy[i]) return false;
      return true;
    });
  }
  return formats.length > 0;
}

/** The nearest number of a format, as float64; infinite beyond its largest. */
function rounded(value: number, format: Exclude<FloatFormat, 'F64'>): number {
  const single = Math.fround(value);
  if (format === 'F32' || single === 0 || !Number.isFinite(single)) return single;
  const [fractionBits, leastExponent] = NARROW[format];
  const unit = 2 ** (Math.max(exponentOf(single), leastExponent) - fractionBits);
  const scaled = single / unit; // exact: a division by a power of two
  const below = Math.floor(scaled);
  const rest = scaled - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const nearest = (up ? below + 1 : below) * unit;
  return format === 'F16' && Math.abs(nearest) > 65504 ? Math.sign(nearest) * Number.POSITIVE_INFINITY : nearest;
}

const pun = new DataView(new ArrayBuffer(8));

/** e with 2^e <= |value| < 2^(e + 1), of a normal float64. */
function exponentOf(value: number): number {
  pun.setFloat64(0, value);
  return ((pun.getUint16(0) >> 4) & 0x7ff) - 1023;
}
