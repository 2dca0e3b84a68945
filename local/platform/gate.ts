import { connect, createServer, type Server, type Socket } from "node:net";

/** Stands between a town and its container's control server; while it is shut no connection comes through. */
export class Gate {
	readonly #server: Server;
	readonly #open = new Set<Socket>();
	#to = 0;
	/** When the newest connection came, epoch milliseconds. */
	usedAt = 0;
	#shut = false;

	constructor() {
		this.#server = createServer((from) => this.#pass(from)).unref();
	}

	/** The address at which a control server is to be asked now. */
	async before(url: string): Promise<string> {
		this.#to = Number(new URL(url).port);
		if (!this.#server.listening)
			await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		const address = this.#server.address();
		return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
	}

	shut(shut: boolean): void {
		this.#shut = shut;
		if (shut) for (const socket of this.#open) socket.destroy();
	}

	#pass(from: Socket): void {
		if (this.#shut) return void from.destroy();
		this.usedAt = Date.now();
		const to = connect(this.#to, "127.0.0.1");
		for (const [one, other] of [
			[from, to],
			[to, from],
		] as const) {
			this.#open.add(one);
			one.pipe(other);
			one.once("error", () => other.destroy());
			one.once("close", () => {
				this.#open.delete(one);
				other.destroy();
			});
		}
	}
}
