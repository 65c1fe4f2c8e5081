/** One line of `-o json`. Which of these a line has is up to its type, and to what could be had: see docs/output.md. */
export interface JsonRecord {
  readonly type: "fork" | "exec" | "exec_failed" | "exit" | "running" | "lost";
  readonly time: string;
  readonly boot_time_ns: number;
  readonly id: string;
  readonly pid: number;
  readonly ppid: number;
  /** At an exit the parent at fork; else that of `ppid`. */
  readonly parent_id?: string;
  /** At an exit that of `ppid`, if it is not `parent_id`. */
  readonly current_parent_id?: string;
  readonly comm: string;
  readonly comm_base64?: string;
  readonly uid: number;
  readonly gid: number;
  readonly user?: string;
  readonly loginuid?: number;
  readonly session_id?: number;
  readonly tty?: string;
  readonly cgroup?: string;
  readonly container_id?: string;
  readonly ns_pid?: number;
  readonly cpu: number;
  readonly kernel_thread?: true;
  readonly missing?: readonly string[];

  readonly filename?: string;
  readonly filename_base64?: string;
  readonly filename_truncated?: true;
  readonly exe?: string;
  readonly exe_base64?: string;
  readonly interpreter?: string;
  readonly interpreter_base64?: string;
  readonly cwd?: string;
  readonly cwd_base64?: string;
  readonly cwd_deleted?: true;
  readonly argv?: readonly string[];
  readonly argv_base64?: readonly (string | null)[];
  readonly argc?: number;
  readonly argv_bytes?: number;
  readonly argv_truncated?: true;
  readonly env?: readonly string[];
  readonly memfd?: true;
  readonly deleted?: true;
  readonly setuid?: { readonly euid: number; readonly egid: number };
  readonly old_tid?: number;
  readonly replaces?: { readonly filename?: string; readonly filename_base64?: string; readonly duration_ns: number };

  readonly error?: string;

  readonly exit_code?: number;
  readonly signal?: string;
  readonly core_dumped?: boolean;
  readonly duration_ns?: number;
  readonly lifetime_ns?: number;
  readonly usage?: JsonUsage;
  readonly threads?: number;
}

/** What a process used, as its exit tells. */
export interface JsonUsage {
  readonly user_ns: number;
  readonly system_ns: number;
  readonly max_rss_bytes: number;
  readonly read_bytes?: number;
  readonly write_bytes?: number;
  readonly voluntary_switches: number;
  readonly involuntary_switches: number;
  readonly minor_faults: number;
  readonly major_faults: number;
  readonly partial?: true;
}

/** The records of one process, in their order. */
export function ofPid(records: readonly JsonRecord[], pid: number): JsonRecord[] {
  return records.filter((record) => record.pid === pid);
}

/** The types of records, for a comparison of what happened in which order. */
export function typesOf(records: readonly JsonRecord[]): string[] {
  return records.map(({ type }) => type);
}

/** The only record of a type; throws if there is none, or more. */
export function theOnly(records: readonly JsonRecord[], type: JsonRecord["type"]): JsonRecord {
  const found = records.filter((record) => record.type === type);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${found.length} records of type ${type} instead of one, among ${JSON.stringify(records)}`);
  }
  return only;
}

/** Records by PID, each process's in their order. */
export function byPid(records: readonly JsonRecord[]): Map<number, JsonRecord[]> {
  const groups = new Map<number, JsonRecord[]>();
  for (const record of records) {
    const group = groups.get(record.pid);
    if (group === undefined) groups.set(record.pid, [record]);
    else group.push(record);
  }
  return groups;
}

/** When a process started, by the boot clock. */
export function startNs(record: JsonRecord): number {
  if (record.lifetime_ns === undefined) throw new Error(`no lifetime in ${JSON.stringify(record)}`);
  return record.boot_time_ns - record.lifetime_ns;
}
