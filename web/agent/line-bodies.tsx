import { headOf, sizeOf, type Text, withHeads } from "../../shared/conversation/index.ts";
import { editLines, unifiedLines } from "../ui/blocks/diff-lines.ts";
import { Diff, Json, Terminal } from "../ui/index.ts";
import { BodyText } from "./body-text.tsx";
import type { Line, ToolLine } from "./lines/line.ts";
import { fieldsOf, outputOf, patchOf } from "./lines/tool-line.ts";
import { useBody } from "./use-body.ts";

/** What a tool call was given and what it answered; shortened while its line is closed. */
export function ToolBody({ line, open }: { line: ToolLine; open: boolean }) {
	const output = outputOf(line.part) as Text | undefined;
	const reason = "reason" in line.outcome ? line.outcome.reason : null;
	return (
		<div className="flex flex-col gap-2">
			{open ? <Input line={line} /> : null}
			{output !== undefined && headOf(output) !== "" ? (
				<Output line={line} output={output} open={open} />
			) : reason ? (
				<p className="break-words text-tone-quiet">{reason}</p>
			) : open ? (
				<p className="text-tone-quiet">{line.outcome.kind === "running" ? "No output yet." : "No output."}</p>
			) : null}
		</div>
	);
}

/** What of a call shows what it does: the patch that it reports, else its input. */
function Input({ line }: { line: ToolLine }) {
	const { input, metadata } = line.part.state;
	const patch = line.shape === "edit" ? patchOf(line.part) : undefined;
	if (patch !== undefined)
		return (
			<BodyText of={patch} what="patch">
				{(whole) => <Diff path={pathOf(line)} lines={unifiedLines(headOf(whole))} />}
			</BodyText>
		);
	return (
		<BodyText of={{ input, todos: line.shape === "todo" ? metadata?.todos : undefined }} what="input">
			{(whole) => <Fields line={line} fields={fieldsOf(whole.input)} todos={whole.todos} />}
		</BodyText>
	);
}

const pathOf = (line: ToolLine) => headOf(fieldsOf(line.part.state.input).filePath ?? line.subject);

type Fields = { line: ToolLine; fields: Record<string, unknown>; todos: unknown };

function Fields({ line, fields, todos }: Fields) {
	if (line.shape === "edit" && "newString" in fields)
		return <Diff path={pathOf(line)} lines={editLines(headOf(fields.oldString), headOf(fields.newString))} />;
	if (line.shape === "edit" && "content" in fields)
		return <Diff path={pathOf(line)} lines={editLines("", headOf(fields.content))} />;
	if (line.shape === "todo") return <Todos of={fields.todos ?? todos} />;
	if (line.shape === "run")
		return (
			<Terminal
				head={headOf(fields.workdir ?? fields.description ?? "")}
				text={headOf(fields.command ?? line.subject)}
			/>
		);
	return <Json head="Input" value={withHeads(fields)} />;
}

function Output({ line, output, open }: { line: ToolLine; output: Text; open: boolean }) {
	const { value, missing, fetching, failed, fetch } = useBody(output);
	const text = headOf(value);
	const running = line.outcome.kind === "running";
	return (
		<>
			<Terminal
				text={open ? text : lastLines(text)}
				tail={running || !open}
				size={open && missing > 0 ? sizeOf(output) : undefined}
				onFetch={open && missing > 0 && !fetching ? fetch : undefined}
				head={fetching ? "Reading the whole text" : undefined}
			/>
			{failed ? (
				<p role="alert" className="text-tone-bad">
					{failed}
				</p>
			) : null}
		</>
	);
}

const PEEK_LINES = 4;
const lastLines = (text: string) => text.trimEnd().split("\n").slice(-PEEK_LINES).join("\n");

function Todos({ of }: { of: unknown }) {
	const todos = Array.isArray(of) ? (of as { content?: unknown; status?: unknown }[]) : [];
	return (
		<ul>
			{todos.map((todo, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a list has no other names
				<li key={at} className="flex gap-2">
					<span className="w-24 shrink-0 text-tone-quiet">{String(todo.status ?? "")}</span>
					<span>{headOf(todo.content)}</span>
				</li>
			))}
		</ul>
	);
}

/** The provider's own text, redacted at the source. */
export function ErrorBody({ line }: { line: Extract<Line, { kind: "error" | "message-error" }> }) {
	const message = line.kind === "error" ? line.error.message : line.message;
	return message ? <p className="break-words pb-1 pl-6 font-mono text-xs leading-[18px]">{message}</p> : null;
}

export function LoopBody({ line }: { line: Extract<Line, { kind: "loop" }> }) {
	return <p className="truncate pb-1 pl-6 font-mono text-xs leading-[18px]">{line.loop.input}</p>;
}
