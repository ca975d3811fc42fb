/** Machines of the tests: network namespaces of Linux on one bridge. */
import { spawnSync } from 'node:child_process';

/** @throws Error with what `ip` said */
function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`ip ${args.join(' ')}: ${stderr ?? 'there is no such command'}`);
}

/** A machine of its own: what runs in it reaches the others by their addresses only. */
export class Host {
  constructor(
    private readonly namespace: string,
    private readonly link: string,
    readonly address: string,
  ) {}

  /** What a command must begin with to run there. */
  get prefix(): string[] {
    return ['ip', 'netns', 'exec', this.namespace];
  }

  /** Pulls the cable: packets are lost, and connections stay open until somebody notices. */
  cut(): void {
    ip('link', 'set', this.link, 'down');
  }

  mend(): void {
    ip('link', 'set', this.link, 'up');
  }
}

/** Several hosts and this process on one network. */
export class Network {
  private constructor(
    private readonly bridge: string,
    private readonly hosts: ReadonlyMap<string, Host>,
    private readonly namespaces: readonly string[],
  ) {}

  /** @returns null, with the reason on the console, where the machine does not allow it */
  static ifAllowed(...names: string[]): Network | null {
    try {
      return Network.create(...names);
    } catch (error) {
      console.warn(`All processes run on one host: ${(error as Error).message}.`);
      return null;
    }
  }

  /** @throws Error where the machine does not allow it: it takes root, and `ip` (Debian: iproute2) */
  private static create(...names: string[]): Network {
    // Names of devices have 15 letters at most. Other runs may do the same at this moment.
    const id = `fs${process.pid % 100_000}`;
    const bridge = `${id}br`;
    const subnet = `10.77.${process.pid % 256}`;
    const hosts = new Map<string, Host>();
    const namespaces: string[] = [];
    const network = new Network(bridge, hosts, namespaces);
    try {
      ip('link', 'add', bridge, 'type', 'bridge');
      ip('addr', 'add', `${subnet}.1/24`, 'dev', bridge);
      ip('link', 'set', bridge, 'up');
      names.forEach((name, i) => {
        const namespace = `${id}-${name}`;
        const link = `${id}v${i}`;
        const address = `${subnet}.${i + 2}`;
        ip('netns', 'add', namespace);
        namespaces.push(namespace);
        ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
        ip('link', 'set', link, 'master', bridge, 'up');
        ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
        for (const device of ['lo', 'eth0']) ip('-n', namespace, 'link', 'set', device, 'up');
        hosts.set(name, new Host(namespace, link, address));
      });
      return network;
    } catch (error) {
      network.remove();
      throw error;
    }
  }

  host(name: string): Host {
    return this.hosts.get(name)!;
  }

  /** End what runs in it first. */
  remove(): void {
    for (const namespace of this.namespaces) spawnSync('ip', ['netns', 'del', namespace]);
    spawnSync('ip', ['link', 'del', this.bridge]);
  }
}
