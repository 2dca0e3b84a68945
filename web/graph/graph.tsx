import { lazy, Suspense, useMemo } from "react";
import { useOpenTown } from "../town/open-town.ts";
import { plural } from "../ui/index.ts";
import { beadGraph } from "./graph-data.ts";
import type { Direction } from "./layout.ts";

/** The picture and its layout come only when one is looked at. */
const Picture = lazy(() => import("./picture.tsx"));

/** What waits for what, as a picture; each bead is a link, in the order of the work. Fills what holds it. */
export function Graph({ root, label, direction }: { root: string; label: string; direction: Direction }) {
	const { view, version } = useOpenTown();
	// biome-ignore lint/correctness/useExhaustiveDependencies: the view changes in place; its version tells
	const text = useMemo(() => JSON.stringify(beadGraph(view, root)), [view, version, root]);
	const graph = useMemo(() => JSON.parse(text) as ReturnType<typeof beadGraph>, [text]);
	if (graph.nodes.length === 0) return <p className="px-4 py-2 text-tone-quiet">It has no members.</p>;
	return (
		<section aria-label={label} className="flex h-full min-h-0 flex-col">
			<Suspense fallback={<p className="px-4 py-2 text-tone-quiet">The graph is loading.</p>}>
				<Picture graph={graph} root={root} direction={direction} />
			</Suspense>
			{graph.left > 0 ? (
				<p className="px-4 py-1 text-tone-quiet">{plural(graph.left, "more bead")} not drawn.</p>
			) : null}
		</section>
	);
}
