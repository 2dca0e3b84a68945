import dagre from "@dagrejs/dagre";
import type { BeadGraph } from "./graph-data.ts";

/** Size of a bead in the picture: a title of two lines and its status. */
export const SIZE = { width: 208, height: 60 };

export type Placed = { id: string; x: number; y: number };

/** Where there is room beads stand from left to right in the order in which they may be done, else from above. */
export type Direction = "LR" | "TB";

export function place({ nodes, edges }: BeadGraph, rankdir: Direction): Placed[] {
	const graph = new dagre.graphlib.Graph();
	graph.setGraph({ rankdir, nodesep: 16, ranksep: rankdir === "LR" ? 56 : 28 });
	graph.setDefaultEdgeLabel(() => ({}));
	for (const id of nodes) graph.setNode(id, { ...SIZE });
	for (const { from, to } of edges) graph.setEdge(from, to);
	dagre.layout(graph);
	return nodes
		.map((id) => {
			const { x, y } = graph.node(id);
			return { id, x: x - SIZE.width / 2, y: y - SIZE.height / 2 };
		})
		.sort((a, b) => (rankdir === "LR" ? a.x - b.x || a.y - b.y : a.y - b.y || a.x - b.x));
}
