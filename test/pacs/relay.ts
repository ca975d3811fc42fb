import net, { type AddressInfo, type Server } from 'node:net';

/** What happens to one connection, and when. */
export interface Accident {
  /** After so many bytes of the request, or with the first byte of the answer. */
  at: { requestBytes: number } | 'answer';
  /** Runs before both ends of the connection are cut. */
  meanwhile?(): Promise<void>;
}

/** A connection to an archive on which accidents happen, in the order in which they are given. */
export class Relay {
  readonly accidents: Accident[] = [];
  private constructor(private readonly server: Server) {}

  static async start(port: number): Promise<Relay> {
    const server = net.createServer();
    const relay = new Relay(server);
    server.on('connection', client => {
      const archive = net.connect(port, '127.0.0.1');
      const cut = () => {
        client.destroy();
        archive.destroy();
      };
      let sent = 0;
      let hurt = false;
      const accident = async () => {
        hurt = true;
        await relay.accidents.shift()?.meanwhile?.();
        cut();
      };
      client.on('data', chunk => {
        if (hurt) return;
        const at = relay.accidents[0]?.at;
        const rest = typeof at === 'object' ? at.requestBytes - sent : Infinity;
        sent += chunk.length;
        archive.write(chunk.subarray(0, rest));
        if (sent >= (typeof at === 'object' ? at.requestBytes : Infinity)) void accident();
      });
      archive.on('data', chunk => {
        if (hurt) return;
        if (relay.accidents[0]?.at === 'answer') void accident();
        else client.write(chunk);
      });
      for (const socket of [client, archive]) socket.on('error', cut).on('close', cut);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
  }
}
