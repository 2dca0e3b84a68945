import type { ReactNode } from "react";
import { plural } from "../ui/index.ts";
import { useBody } from "./use-body.ts";

/** A value of the stream as it is here; where texts in it were cut that is said, with their true size and a way to read them. */
export function BodyText<T>({ of, what, children }: { of: T; what: string; children(value: T): ReactNode }) {
	const { value, missing, fetching, failed, fetch } = useBody(of);
	return (
		<>
			{children(value)}
			{missing > 0 ? (
				<button
					type="button"
					disabled={fetching}
					onClick={fetch}
					className="text-tone-active hover:underline max-md:min-h-11"
				>
					{fetching ? "Reading the rest" : `Cut. Read the whole ${what}, ${plural(missing, "character")}`}
				</button>
			) : null}
			{failed ? (
				<p role="alert" className="text-tone-bad">
					{failed}
				</p>
			) : null}
		</>
	);
}
