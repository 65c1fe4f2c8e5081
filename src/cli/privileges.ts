import { EbpfError } from "../errors.ts";
import { judge } from "../machine/checks.ts";
import { inspectMachine } from "../machine/machine.ts";
import { accountOfName } from "../libc/accounts.ts";
import { becomeUser } from "../libc/credentials.ts";

/** The user and group that overflow IDs map to, and that `nobody` is where it has no entry. */
const NOBODY = 65_534;

/** Who to become. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Who a process that was started as root should become: the user named; or whoever called sudo; or nobody.
 *
 * @throws {EbpfError} `WRONG_USAGE` if there is no user of the name
 */
export function lesserIdentity(runAs: string | undefined, environment: NodeJS.ProcessEnv): Identity {
  if (runAs !== undefined) return identityOfName(runAs);
  const uid = Number(environment["SUDO_UID"]);
  const gid = Number(environment["SUDO_GID"]);
  if (Number.isInteger(uid) && Number.isInteger(gid) && uid > 0) return { uid, gid };
  return accountOfName("nobody") ?? { uid: NOBODY, gid: NOBODY };
}

function identityOfName(name: string): Identity {
  const account = accountOfName(name);
  if (account !== undefined) return account;
  throw new EbpfError("WRONG_USAGE", `option '--run-as': there is no user '${name}' on this machine`, {
    hint: "Name a user that `getent passwd` knows, or use --keep-privileges.",
  });
}

/**
 * Gives up root for good: all groups but one, the user, and with it every capability. What has been loaded and attached
 * stays; what the ring brings was gathered by the kernel, and what only /proc tells has been read, so nothing that comes
 * later needs the rights. A process that is not root is left as it is.
 *
 * @throws {EbpfError} `PRIVILEGES_KEPT`, with the doctor's line where the kernel does not allow it
 */
export function dropPrivileges({ uid, gid }: Identity): void {
  if (process.getuid?.() !== 0) return;
  try {
    becomeUser(uid, gid);
  } catch (error) {
    if (!(error instanceof EbpfError) || error.errno === undefined) throw error;
    const { code, failure, operation, errno } = error;
    throw new EbpfError(code, failure, {
      ...(operation !== undefined && { operation }),
      errno,
      cause: error,
      finding: judge("capabilities", inspectMachine(), true),
    });
  }
}
