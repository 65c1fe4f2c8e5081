import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { containerId } from "../../src/process/container-id.ts";

const ID = "3726184226f5d3147c25fdeab5b60097e378e8a720503a5e19ecfdf29f869860";
const OUTER = "9687bac58d5c4d1606aa46af33d1a21c1d1652e0ac9fb3fc0fc86e3495f42869";
const POD = "87a18a64_b74a_454a_b10b_a4a36059d0a3";
const POD_PLAIN = "8dbc5577-d0e2-4706-8787-57d52c03ddf2";

describe("containerId", () => {
  for (const [name, cgroup, id] of [
    ["Docker, cgroupfs driver", `/docker/${ID}`, ID],
    ["Docker, systemd driver", `/system.slice/docker-${ID}.scope`, ID],
    ["Docker, with a service inside", `/system.slice/docker-${ID}.scope/system.slice/cron.service`, ID],
    ["Docker, in a slice of its own", `/apps.slice/docker-${ID}.scope`, ID],
    ["Docker, with a parent group of its own", `/build/${ID}`, ID],
    ["Docker, rootless", `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`, ID],
    ["Docker in Docker: the inner one", `/docker/${OUTER}/docker/${ID}`, ID],
    ["Amazon ECS", `/ecs/ecs-prod/45f1c9b4cf2e4e1d8e5ab9cbd8ee6cb6/${ID}`, ID],
    ["Kubernetes, cgroupfs driver, guaranteed", `/kubepods/pod${POD_PLAIN}/${ID}`, ID],
    ["Kubernetes, cgroupfs driver, burstable", `/kubepods/burstable/pod${POD_PLAIN}/${ID}`, ID],
    ["Kubernetes, cgroupfs driver, CRI-O", `/kubepods/besteffort/pod${POD_PLAIN}/crio-${ID}`, ID],
    [
      "Kubernetes, systemd driver, Docker",
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${POD}.slice/docker-${ID}.scope`,
      ID,
    ],
    [
      "Kubernetes, systemd driver, containerd",
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD}.slice/cri-containerd-${ID}.scope`,
      ID,
    ],
    [
      "Kubernetes, systemd driver, containerd, guaranteed",
      `/kubepods.slice/kubepods-pod${POD}.slice/cri-containerd-${ID}.scope`,
      ID,
    ],
    [
      "Kubernetes, systemd driver, CRI-O",
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD}.slice/crio-${ID}.scope`,
      ID,
    ],
    [
      "Kubernetes, systemd driver, CRI-O with a group in it",
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD}.slice/crio-${ID}.scope/container`,
      ID,
    ],
    [
      "Kubernetes, drivers that do not match",
      `/system.slice/containerd.service/kubepods-pod${POD}.slice:cri-containerd:${ID}`,
      ID,
    ],
    [
      "kind: Kubernetes in Docker",
      `/system.slice/docker-${OUTER}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${POD}.slice/cri-containerd-${ID}.scope`,
      ID,
    ],
    ["containerd, cgroupfs driver", `/k8s.io/${ID}`, ID],
    ["nerdctl", `/system.slice/nerdctl-${ID}.scope`, ID],
    ["Podman", `/machine.slice/libpod-${ID}.scope`, ID],
    ["Podman, with crun's group in it", `/machine.slice/libpod-${ID}.scope/container`, ID],
    ["Podman, rootless", `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`, ID],
    [
      "Podman, in a pod",
      `/machine.slice/machine-libpod_pod_0262e761c5b499b1ad78250d810594064f61cc61a524d72d58690e52e727ec2a.slice/libpod-${ID}.scope`,
      ID,
    ],
    ["Podman, cgroupfs manager", `/libpod_parent/libpod-${ID}`, ID],
    ["Podman, split groups of a service", `/system.slice/nginx.service/libpod-payload-${ID}`, ID],
    ["systemd-nspawn", "/machine.slice/machine-debian.scope/payload/init.scope", "debian"],
    ["systemd-nspawn, v1", "/machine.slice/machine-debian.scope/system.slice/cron.service", "debian"],
    ["systemd-nspawn, a name with dashes", "/machine.slice/machine-web\\x2d01.scope/payload", "web-01"],
    ["systemd-nspawn, as a service", "/machine.slice/systemd-nspawn@db.service/payload/init.scope", "db"],
    ["systemd-nspawn, as a service, v1", "/machine.slice/systemd-nspawn@my\\x2ddb.service/init.scope", "my-db"],
    ["libvirt's LXC", "/machine.slice/machine-lxc\\x2d4711\\x2dweb.scope/libvirt", "lxc-4711-web"],
    ["LXC 4", "/lxc.payload.web", "web"],
    ["LXC 4, with a service inside", "/lxc.payload.mail/system.slice/postfix.service", "mail"],
    ["LXC 4, a name with dots", "/lxc.payload.web.example.org/init.scope", "web.example.org"],
    ["LXC 3.1", "/lxc.payload/web", "web"],
    ["LXC 3 and before", "/lxc/web/init.scope", "web"],
    ["LXC, unprivileged", "/user.slice/user-1000.slice/session-2.scope/lxc/web", "web"],
    ["LXD, in a project", "/lxc.payload.user-1000_web/init.scope", "user-1000_web"],
    ["Proxmox", "/lxc/100/ns/init.scope", "100"],
    ["Docker in LXC: the inner one", `/lxc.payload.build/system.slice/docker-${ID}.scope`, ID],
    ["the monitor of a container in a container: the outer one", "/lxc.payload.outer/lxc.monitor.inner", "outer"],
    ["a name with bytes that are not UTF-8", "/lxc.payload.\udcff", "\udcff"],
  ] as const) {
    it(`knows ${name}`, () => {
      assert.equal(containerId(cgroup), id);
    });
  }

  for (const [name, cgroup] of [
    ["nothing", ""],
    ["the root", "/"],
    ["init", "/init.scope"],
    ["a login", "/user.slice/user-1000.slice/session-3.scope"],
    ["a user's service", "/user.slice/user-1000.slice/user@1000.service/app.slice/pipewire.service"],
    ["Docker itself", "/system.slice/docker.service"],
    ["containerd itself", "/system.slice/containerd.service"],
    ["a service with a hexadecimal name", `/system.slice/${ID}.service`],
    ["a service that is called like a container", `/system.slice/docker-${ID}.service`],
    ["a mount of Docker's", `/system.slice/var-lib-docker-overlay2-${ID}-merged.mount`],
    ["a mount of runc's", `/system.slice/run-docker-runtime\\x2drunc-moby-${ID}-runc.a1B2c3.mount`],
    ["an identifier that is too short", `/docker/${ID.slice(1)}`],
    ["an identifier that is too long", `/docker/${ID}0`],
    ["an identifier in capitals", `/docker/${ID.toUpperCase()}`],
    ["a pod, which is no container", `/kubepods.slice/kubepods-pod${POD}.slice`],
    ["a pod of the cgroupfs driver", `/kubepods/burstable/pod${POD_PLAIN}`],
    ["a static pod, whose name is a hash", "/kubepods/burstable/pod1f7dd0ac9cb4a3aff2b4f3a9e1b0a9d9"],
    ["Podman's monitor", `/machine.slice/libpod-conmon-${ID}.scope`],
    ["Podman's monitor, cgroupfs manager", "/libpod_parent/conmon"],
    ["Podman's monitor, split groups of a service", "/system.slice/nginx.service/runtime"],
    ["CRI-O's monitor", `/kubepods.slice/kubepods-pod${POD}.slice/crio-conmon-${ID}.scope`],
    ["LXC's monitor", "/lxc.monitor.web"],
    ["LXC's monitor, 3.1", "/lxc.monitor/web"],
    ["LXC's own group", "/lxc"],
    ["LXC's service", "/system.slice/lxc.service"],
    ["systemd-nspawn's supervisor", "/machine.slice/systemd-nspawn@db.service/supervisor"],
    ["systemd-nspawn before it made groups", "/machine.slice/systemd-nspawn@db.service"],
    ["systemd-nspawn's supervisor in a scope", "/machine.slice/machine-debian.scope/supervisor"],
    ["a virtual machine", "/machine.slice/machine-qemu\\x2d1\\x2dvm.scope/libvirt/emulator"],
    ["a virtual machine of Proxmox", "/qemu.slice/100.scope"],
  ] as const) {
    it(`does not take ${name} for a container`, () => {
      assert.equal(containerId(cgroup), undefined);
    });
  }
});
