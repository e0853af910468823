const HELD = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Keeps a second Ctrl-C from killing this process before it has taken its slapd away, which is bounded in time.
 * @returns what ends that
 */
export function holdSignals(): () => void {
  const hold = (): void => undefined;
  for (const name of HELD) process.on(name, hold);
  return () => {
    for (const name of HELD) process.off(name, hold);
  };
}
