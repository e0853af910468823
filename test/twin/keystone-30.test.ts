import { compareWith } from './compare-with.ts';

compareWith('30', { seed: 30, cases: 500 });
