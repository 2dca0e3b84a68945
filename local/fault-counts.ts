/** Faults that are set so many times, of one or, where nobody is named, of all. */
export class FaultCounts<Fault> {
	readonly #set = new Map<string, { times: number; fault: Fault }>();

	/** The next `times` fail so; 0 takes it back. */
	set(times: number, fault: Fault, of: string | null = null): void {
		this.#set.set(of ?? ALL, { times, fault });
	}

	/** The fault of this call, counted; null where it goes well. */
	take(of: string): Fault | null {
		const found = [of, ALL].map((key) => this.#set.get(key)).find((one) => one && one.times > 0);
		if (!found) return null;
		found.times -= 1;
		return found.fault;
	}
}
const ALL = "*";
