import { memo } from "react";
import { Code } from "../ui/index.ts";
import { type Block, blocksOf, inlinesOf } from "./markdown-blocks.ts";

/** Markdown as an agent wrote it. Pictures are links, HTML is text: nothing remote is loaded, nothing is run. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
	return (
		<div className="flex flex-col gap-2 break-words">
			{blocksOf(text).map((block, at) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: blocks have no other names
				<BlockView key={at} block={block} />
			))}
		</div>
	);
});

function BlockView({ block }: { block: Block }) {
	switch (block.kind) {
		case "heading":
			return (
				// biome-ignore lint/a11y/useSemanticElements: its level is worked out
				<p className="font-semibold" role="heading" aria-level={Math.min(6, block.level + 3)}>
					<Inlines text={block.text} />
				</p>
			);
		case "code":
			return <Code text={block.text} head={block.language || undefined} />;
		case "list": {
			const List = block.ordered ? "ol" : "ul";
			return (
				<List className={`flex flex-col gap-0.5 pl-5 ${block.ordered ? "list-decimal" : "list-disc"}`}>
					{block.items.map((item, at) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: items have no other names
						<li key={at}>
							<Inlines text={item} />
						</li>
					))}
				</List>
			);
		}
		case "quote":
			return (
				<blockquote className="pl-3 text-tone-quiet">
					<Inlines text={block.text} />
				</blockquote>
			);
		case "rule":
			return <hr className="border-kumo-hairline" />;
		case "table":
			return (
				<div className="overflow-x-auto">
					<table>
						<tbody>
							{block.rows.map((row, at) => (
								// biome-ignore lint/suspicious/noArrayIndexKey: rows have no other names
								<tr key={at} className={at === 0 ? "font-medium" : ""}>
									{row.map((cell, column) => (
										// biome-ignore lint/suspicious/noArrayIndexKey: cells have no other names
										<td key={column} className="border-b border-kumo-hairline px-2 py-0.5">
											<Inlines text={cell} />
										</td>
									))}
								</tr>
							))}
						</tbody>
					</table>
				</div>
			);
		case "plain":
			return <p className="whitespace-pre-wrap">{block.text}</p>;
		default:
			return (
				<p className="whitespace-pre-wrap">
					<Inlines text={block.text} />
				</p>
			);
	}
}

function Inlines({ text }: { text: string }) {
	return inlinesOf(text).map((inline, at) => {
		const key = `${at}`;
		switch (inline.kind) {
			case "code":
				return (
					<code key={key} className="rounded-sm bg-kumo-recessed px-1 text-xs">
						{inline.text}
					</code>
				);
			case "strong":
				return <strong key={key}>{inline.text}</strong>;
			case "em":
				return <em key={key}>{inline.text}</em>;
			case "link":
				return (
					<a
						key={key}
						href={inline.href}
						target="_blank"
						rel="noreferrer"
						className="text-tone-active hover:underline"
					>
						{inline.text}
					</a>
				);
			default:
				return inline.text;
		}
	});
}
