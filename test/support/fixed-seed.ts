import fc from 'fast-check';

/** Vitest's set-up of each unit test: what draws without a seed of its own draws the same each time. */
fc.configureGlobal({ seed: 20_261_128 });
