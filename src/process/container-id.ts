/** What an engine calls a container's control group, with the systemd driver (`.scope`) or without. */
const engineGroup =
  /^(?:(?:docker|cri-containerd|containerd|nerdctl|crio|libpod|libpod-payload)-)?([0-9a-f]{64})(?:\.scope)?$/;

/** What containerd makes of systemd's `slice:prefix:name` under the cgroupfs driver. */
const containerdGroup = /:cri-containerd:([0-9a-f]{64})$/;

/** LXC 4 and later, LXD and Incus; `lxc.monitor.NAME` beside it is the monitor, which runs outside. */
const lxcGroup = /^lxc\.payload\.(.+)$/;

/** The parent of LXC's containers before version 4 (`lxc.payload` in 3.1), and at Proxmox. */
const lxcParent = /^lxc(?:\.payload)?$/;

/** A machine of systemd-machined: a systemd-nspawn container, or a container or virtual machine of libvirt. */
const machineScope = /^machine-(.+)\.scope$/;

/** A container that was started as a service. The group itself is systemd-nspawn's own, the groups in it are not. */
const nspawnService = /^systemd-nspawn@(.+)\.service$/;

/**
 * The container that a control group belongs to: an identifier of 64 hexadecimal digits (Docker, containerd, CRI-O,
 * Podman, Kubernetes on any of them), or a name (systemd-nspawn, LXC, LXD, Incus). Of a container in a container it is
 * the inner one. Undefined if the group is not of a container, as far as its path tells; so too for the processes that
 * an engine runs outside to watch a container, and for virtual machines.
 */
export function containerId(cgroup: string): string | undefined {
  const groups = cgroup.split("/");
  for (let index = groups.length - 1; index > 0; index--) {
    const id = idOfGroup(groups[index] ?? "", groups[index - 1] ?? "", groups[index + 1]);
    if (id !== undefined) return id;
  }
  return undefined;
}

function idOfGroup(group: string, parent: string, child: string | undefined): string | undefined {
  const id = engineGroup.exec(group) ?? containerdGroup.exec(group) ?? lxcGroup.exec(group);
  if (id !== null) return id[1];
  if (lxcParent.test(parent) && group !== "") return group;
  return machineOfGroup(group, child);
}

function machineOfGroup(group: string, child: string | undefined): string | undefined {
  // systemd-nspawn's own processes, beside the payload.
  if (child === "supervisor") return undefined;
  const name = machineScope.exec(group)?.[1] ?? (child === undefined ? undefined : nspawnService.exec(group)?.[1]);
  return name === undefined || name.startsWith("qemu\\x2d") ? undefined : unescapeUnit(name);
}

/** Undoes systemd-escape(1). Machine names are plain ASCII. */
function unescapeUnit(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}
