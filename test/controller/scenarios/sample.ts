import { isComplete } from '../../complete.ts';
import { SimulatedClock } from '../../../lab/world/simulated-clock.ts';

/**
 * Of many cases so many, one out of each stretch of them, the same every time; all of them where everything is played.
 */
export function sampleOf<T>(all: readonly T[], most: number, seed: number): readonly T[] {
  if (isComplete || all.length <= most) return all;
  const { random } = new SimulatedClock(seed);
  // The first of its numbers hardly differ.
  random();
  return Array.from({ length: most }, (_, stretch) => all[Math.floor(((stretch + random()) * all.length) / most)]!);
}
