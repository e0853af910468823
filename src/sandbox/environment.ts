/** The environment of a process, or a part of it. */
export type Environment = Readonly<Record<string, string | undefined>>;
