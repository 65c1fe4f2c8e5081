interface SystemCallNumbers {
  readonly execve: number;
  readonly execveat: number;
}

/** CPUs with numbers of their own (arch/…/syscall*.tbl); the others have those of asm-generic/unistd.h. */
const ownNumbers = new Map<string, SystemCallNumbers>([
  ["x64", { execve: 59, execveat: 322 }],
  ["s390x", { execve: 11, execveat: 354 }],
]);

/** The numbers by which this CPU knows execve(2) and execveat(2). */
export function systemCallNumbers(): SystemCallNumbers {
  return ownNumbers.get(process.arch) ?? { execve: 221, execveat: 281 };
}
