import { connect } from 'node:net';

/** Whether somebody accepts connections on a Unix socket now. */
export function socketAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(path);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}
