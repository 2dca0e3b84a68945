import {
	Background,
	Controls,
	type Edge,
	Handle,
	MarkerType,
	type Node,
	Position,
	ReactFlow,
	useReactFlow,
	useStore,
} from "@xyflow/react";
import { useEffect, useMemo } from "react";
import { beadTitle } from "../../shared/town-view/index.ts";
import { lookOfBead } from "../town/bead-rows.ts";
import { useOpenTown } from "../town/open-town.ts";
import { Status } from "../ui/index.ts";
import type { BeadGraph } from "./graph-data.ts";
import { type Direction, place, SIZE } from "./layout.ts";
import "@xyflow/react/dist/style.css";
import "./picture.css";

type BeadNode = Node<{ id: string; root: boolean; direction: Direction }, "bead">;

type Props = { graph: BeadGraph; root: string; direction: Direction };

/** The graph drawn. Loaded with its libraries only where one is looked at. */
export default function Picture({ graph, root, direction }: Props) {
	const { view } = useOpenTown();
	const nodes = useMemo(
		() =>
			place(graph, direction).map(
				({ id, x, y }): BeadNode => ({
					...{ id, type: "bead", position: { x, y }, data: { id, root: id === root, direction } },
					...{ width: SIZE.width, height: SIZE.height },
				}),
			),
		[graph, root, direction],
	);
	const edges = graph.edges.map(({ from, to }): Edge => {
		const done = view.tables.beads.get(from)?.status === "closed";
		return {
			...{ id: `${from} ${to}`, source: from, target: to },
			markerEnd: { type: MarkerType.ArrowClosed },
			className: done ? "graph-done" : "graph-waits",
		};
	});
	return (
		<ReactFlow
			className="bead-graph min-h-0 flex-1"
			nodes={nodes}
			edges={edges}
			nodeTypes={NODE_TYPES}
			fitView
			fitViewOptions={FIT}
			minZoom={0.3}
			maxZoom={1.5}
			nodesDraggable={false}
			nodesConnectable={false}
			// The beads are links of their own: nothing around them takes the focus.
			nodesFocusable={false}
			edgesFocusable={false}
			elementsSelectable={false}
			preventScrolling={false}
			zoomOnScroll={false}
		>
			<Background gap={24} />
			<Controls showInteractive={false} />
			<Refit />
		</ReactFlow>
	);
}

/** The whole stays in view when what holds it becomes narrower or wider. */
function Refit() {
	const { fitView } = useReactFlow();
	const width = useStore((state) => state.width);
	useEffect(() => {
		if (width > 0) void fitView(FIT);
	}, [width, fitView]);
	return null;
}

const FIT = { maxZoom: 1, padding: 0.1 };

const NODE_TYPES = { bead: BeadBox };

function BeadBox({ data: { id, root, direction } }: { data: BeadNode["data"] }) {
	const { view, sight, open, hrefOf } = useOpenTown();
	const what = { kind: "bead", id } as const;
	return (
		<>
			<Handle
				type="target"
				position={direction === "LR" ? Position.Left : Position.Top}
				isConnectable={false}
			/>
			<a
				href={hrefOf(what)}
				data-node={id}
				className={`nopan flex h-full w-full flex-col justify-center gap-0.5 rounded-md border bg-kumo-base px-2 text-kumo-default text-sm hover:bg-kumo-tint ${root ? "border-kumo-contrast" : "border-kumo-line"}`}
				onClick={(event) => {
					if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
					event.preventDefault();
					open(what);
				}}
			>
				<span className="line-clamp-1 font-medium" title={beadTitle(view, id)}>
					{beadTitle(view, id)}
				</span>
				<Status look={lookOfBead(view, id, sight)} />
			</a>
			<Handle
				type="source"
				position={direction === "LR" ? Position.Right : Position.Bottom}
				isConnectable={false}
			/>
		</>
	);
}
