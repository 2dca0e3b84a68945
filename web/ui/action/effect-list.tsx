import { type Look, look } from "../status/signs.ts";
import { Status } from "../status/status.tsx";

/** One thing to be seen in the feed. `outside`: it is reached outside the database, a process that ends. */
export type EffectItem = { label: string; outside: boolean; state: "awaited" | "seen" | "missing" };

const LOOKS: Record<EffectItem["state"], (label: string) => Look> = {
	awaited: (label) => look("underWay", label, "active"),
	seen: (label) => look("done", label, "good"),
	missing: (label) => look("warning", `Not seen: ${label}`, "warn"),
};

/** What is to be seen, and what of it was (P4). */
export const EffectList = ({ items }: { items: readonly EffectItem[] }) => (
	<ul className="flex flex-wrap gap-x-4 gap-y-1" aria-label="Effects to be seen">
		{items.map((item) => (
			<li key={item.label} data-effect={item.state}>
				<Status look={LOOKS[item.state](item.outside ? `${item.label} (outside)` : item.label)} />
			</li>
		))}
	</ul>
);
