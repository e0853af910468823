/** The questions a command may ask; they only fill in what flags could have said. */
export interface Asker {
  input(message: string, initial?: string): Promise<string>;
  password(message: string): Promise<string>;
  /** One of the choices, as it is written. */
  choose(message: string, choices: readonly string[]): Promise<string>;
  confirm(message: string): Promise<boolean>;
}
