import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { redactEnv } from "../../src/process/redact-env.ts";

describe("redactEnv", () => {
  for (const name of [
    ...["GITHUB_TOKEN", "npm_config__authToken", "VAULT_TOKEN", "CLIENT_SECRET", "SECRET_KEY_BASE", "MYSQL_PASSWORD"],
    ...["PASSWD", "PGPASS", "MYSQL_PWD", "SSH_PASSPHRASE", "API_KEY", "apiKey", "APIKEY2", "AWS_ACCESS_KEY_ID"],
    ...["AWS_SECRET_ACCESS_KEY", "PRIVATE_KEY", "SIGNING_KEYS", "GOOGLE_APPLICATION_CREDENTIALS", "HTTP_AUTHORIZATION"],
    ...["BASIC_AUTH", "SESSION_ID", "PHPSESSION", "COOKIE", "DATABASE_URL", "SENTRY_DSN", "DB_CONNECTION_STRING"],
  ]) {
    it(`hides ${name}`, () => {
      assert.equal(redactEnv(`${name}=hunter2=`), `${name}=[redacted]`);
    });
  }

  for (const [name, value] of [
    ["a URL's password", "postgres://ann:hunter2@db/shop"],
    ["a URL's password without a user", "redis://:hunter2@cache:6379/0"],
    ["a proxy's password", "http://ann:hunter2@proxy:3128"],
    ["a URL's token", "https://ghp_hunter2@github.com/ann/shop.git"],
    ["a URL's token that ends with a colon", "https://ghp_hunter2:@github.com"],
    ["the token of the second of two URLs", "https://a:80/b@c,HTTPS://hunter2@b"],
    ["the second of two URLs", "http://a:80,http://ann:hunter2@b"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl"],
  ] as const) {
    it(`hides ${name}, whatever the name`, () => {
      assert.equal(redactEnv(`SETTING=${value}`), "SETTING=[redacted]");
    });
  }

  for (const variable of [
    ...[
      "PATH=/usr/bin:/bin",
      "HOME=/root",
      "PWD=/tmp",
      "OLDPWD=/",
      "TERM=xterm",
      "KEYBOARD=us",
      "KEYMAP=de",
      "LS_COLORS=a:b",
    ],
    ...[
      "GIT_AUTHOR_NAME=Ann",
      "AUTHORS=Ann",
      "XDG_SESSION_TYPE=tty",
      "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/0/bus",
    ],
    ...[
      "SSH_AUTH_SOCK=/tmp/ssh-a/socket",
      "XAUTHORITY=/root/.Xauthority",
      "GIT_ASKPASS=/usr/bin/ask",
      "PROXY=http://proxy:3128",
    ],
    ...[
      "URL=https://example.org/a:b@c",
      "REPOSITORY=ssh://git@example.org:22/a",
      "VCS=git+ssh://git@b/c",
      "EMPTY_TOKEN=",
      "=x",
      "",
      "no equals sign",
      "TOKEN without one",
    ],
  ]) {
    it(`shows '${variable}'`, () => {
      assert.equal(redactEnv(variable), variable);
    });
  }

  for (const value of [
    "postgres://ann:hunter2",
    "https://ghp_hunter2",
    "redis://:hun",
    "http://a:80/b,http://ann:h",
    "a://b",
  ]) {
    it(`hides the beginning of a value that may have been secret: ${value}`, () => {
      assert.equal(redactEnv(`SETTING=${value}`, true), "SETTING=[redacted]");
      assert.equal(redactEnv(`SETTING=${value}`), `SETTING=${value}`);
    });
  }

  for (const value of ["http://proxy:3128/", "https://example.org/a?b", "/usr/bin:/b", "://", ""]) {
    it(`shows the beginning of one that was not: ${value}`, () => {
      assert.equal(redactEnv(`SETTING=${value}`, true), `SETTING=${value}`);
    });
  }

  it("hides values of several lines, and of bytes that are not UTF-8", () => {
    assert.equal(redactEnv("TOKEN=a\nb"), "TOKEN=[redacted]");
    assert.equal(redactEnv("TOKEN=\udcff"), "TOKEN=[redacted]");
    assert.equal(redactEnv("\udcffTOKEN=a"), "\udcffTOKEN=[redacted]");
  });

  it("changes nothing but the value, and a second time nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (name, value) => {
        const redacted = redactEnv(`${name}=${value}`);
        assert.ok(redacted.startsWith(`${name.split("=")[0] ?? ""}=`));
        assert.equal(redactEnv(redacted), redacted);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it("takes time in proportion to the variable, not more", () => {
    const started = performance.now();
    for (const part of ["a", "://", ":", "@", "://a:", "://a", "a://@", "-----BEGIN ", "KEY"]) {
      redactEnv(`A=${part.repeat(200_000)}`, true);
      redactEnv(`${part.repeat(200_000)}=a`);
    }
    assert.ok(performance.now() - started < 5000);
  });
});
