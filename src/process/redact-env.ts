/** Parts of names that mean a secret, wherever they stand. `auth`, but not `author`. */
const secretPart = /token|secret|passw|passphrase|credential|cookie|session|auth(?!ors?(?![a-z]))/i;

/** Words that mean a secret at the end of a name, or before a number or `_`: `API_KEY`, `apiKey2`, `MYSQL_PWD`, `PGPASS`. */
const secretWord = /(?:keys?|[a-z_]pwd|pass|dsn|database_url|connection_string)(?:$|[_\d])/i;

/** Names that sound like secrets and are none, which readers of an environment often want. */
const harmlessName =
  /^(?:XDG_SESSION_\w+|DESKTOP_SESSION|GDMSESSION|SESSION_MANAGER|DBUS_SESSION_BUS_ADDRESS|SSH_AUTH_SOCK|XAUTHORITY|OLDPWD|\w+_ASKPASS)$/;

/** A password or token in a URL, whatever the variable is called: `scheme://user:password@host`, `scheme://token@host`. */
const urlWithSecret = /:\/\/[^/?#\s:@]*:[^/?#\s]+@|(?<!ssh):\/\/[^/?#\s@]+@/i;

/** A URL that ends before its path: cut off, it may have had an `@` there. */
const urlWithoutPath = /:\/\/[^/?#\s]+$/;

/** A private key in PEM, whatever the variable is called. */
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY/;

/**
 * A variable of an environment, `NAME=value`, with `[redacted]` for its value if its name looks like that of a secret, or
 * its value has the form of one, or `isCut` and it may have had. A guess by well-known names: a secret under another name
 * passes.
 */
export function redactEnv(variable: string, isCut = false): string {
  const equals = variable.indexOf("=");
  if (equals < 0) return variable;
  const name = variable.slice(0, equals);
  const value = variable.slice(equals + 1);
  const mayHaveBeen = isCut && urlWithoutPath.test(value);
  if (value === "" || !(isSecret(name, value) || mayHaveBeen)) return variable;
  return `${name}=[redacted]`;
}

function isSecret(name: string, value: string): boolean {
  if (urlWithSecret.test(value) || privateKey.test(value)) return true;
  return (secretPart.test(name) || secretWord.test(name)) && !harmlessName.test(name);
}
