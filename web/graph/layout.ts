import dagre from "@dagrejs/dagre";
import type { BeadGraph } from "./graph-data.ts";

/** Size of a bead in the picture: a title of two lines and its status. */
export const SIZE = { width: 208, height: 60 };

export type Placed = { id: string; x: number; y: number };

/** Places the beads from left to right in the order in which they may be done; those in line stand side by side. */
export function place({ nodes, edges }: BeadGraph): Placed[] {
	const graph = new dagre.graphlib.Graph();
	graph.setGraph({ rankdir: "LR", nodesep: 16, ranksep: 56 });
	graph.setDefaultEdgeLabel(() => ({}));
	for (const id of nodes) graph.setNode(id, { ...SIZE });
	for (const { from, to } of edges) graph.setEdge(from, to);
	dagre.layout(graph);
	return nodes
		.map((id) => {
			const { x, y } = graph.node(id);
			return { id, x: x - SIZE.width / 2, y: y - SIZE.height / 2 };
		})
		.sort((a, b) => a.x - b.x || a.y - b.y);
}
