import { readFile } from 'node:fs/promises';
import { UserError } from '../setup/userError';

/**
 * Reads the archive's login from a file or the environment, which the process list does not show. Needs no
 * encoding of `%`, `:` and `@` in a password.
 *
 * @param file of `--dicomweb-auth`: one line, USER:PASSWORD
 * @returns USER:PASSWORD; undefined when there is none
 * @throws UserError, which never contains the login
 */
export async function readLogin(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (file === undefined) {
    const { FEWSHOT_DICOMWEB_USER: user, FEWSHOT_DICOMWEB_PASSWORD: password } = environment;
    if (!user && !password) return undefined;
    if (user && !user.includes(':')) return `${user}:${password ?? ''}`;
    throw new UserError(
      'FEWSHOT_DICOMWEB_USER is empty or holds a colon.',
      'Set it to the user of the archive, and FEWSHOT_DICOMWEB_PASSWORD to the password.',
    );
  }
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `--dicomweb-auth ${file} cannot be read (${code}).`,
      'Give a file of one line: USER:PASSWORD.',
      { cause: error },
    );
  }
  const login = text.replace(/^\uFEFF/, '').replace(/\r?\n$/, '');

  if (/^[^:]+:/.test(login) && !/[\u0000-\u001f\u007f]/.test(login)) return login;
  throw new UserError(
    `--dicomweb-auth ${file} is not one line of USER:PASSWORD.`,
    'Put the user, a colon and the password into it, and nothing else.',
  );
}
