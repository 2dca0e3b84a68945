import { Button } from "@cloudflare/kumo/components/button";
import { Dialog, DialogRoot, DialogTitle } from "@cloudflare/kumo/components/dialog";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useGuide } from "../guide/guide.ts";
import { meRead } from "../user/reads.ts";
import { useKeySettings } from "./keys.ts";
import { keyWords, SHORTCUTS, shortcutLines, WHERE_WORDS, type Where } from "./shortcuts.ts";

/** All keys, by where they act; whether single ones act is set here too (WCAG 2.1.4). */
export default function KeysSheet({ onClose }: { onClose(): void }) {
	const { data: me } = useQuery(meRead);
	const navigate = useNavigate();
	const { single, setSingle } = useKeySettings();
	return (
		<DialogRoot open onOpenChange={(open: boolean) => (open ? undefined : onClose())}>
			<Dialog className="flex max-h-[86vh] w-[880px] max-w-[94vw] flex-col gap-3 p-4">
				<div className="flex flex-wrap items-center gap-x-4 gap-y-1">
					<DialogTitle className="font-semibold text-lg">Keys</DialogTitle>
					<label className="flex min-h-6 items-center gap-2 max-md:min-h-11">
						<input type="checkbox" checked={single} onChange={(event) => setSingle(event.target.checked)} />
						Single keys act
					</label>
					<span className="flex-1" />
					{me?.drills ? (
						<Button
							size="sm"
							variant="ghost"
							className="max-md:hidden"
							onClick={() => {
								useGuide.getState().again();
								onClose();
								void navigate({ to: "/users" });
							}}
						>
							Practice: a two-minute incident
						</Button>
					) : null}
					<Button size="sm" variant="outline" onClick={onClose}>
						Close
					</Button>
				</div>
				<div className="min-h-0 columns-3 gap-6 overflow-y-auto max-lg:columns-2 max-md:columns-1">
					{(Object.keys(SHORTCUTS) as Where[]).map((where) => (
						<section key={where} className="break-inside-avoid pb-3">
							<h3 className="pb-1 font-medium">{WHERE_WORDS[where]}</h3>
							<dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3">
								{shortcutLines(where).map(({ keys, what }) => (
									<div key={what} className="contents">
										<dt className="flex flex-wrap gap-x-1.5 font-mono text-xs/5">
											{keys.map((key) => (
												<kbd key={key} data-key={key}>
													{keyWords(key)}
												</kbd>
											))}
										</dt>
										<dd className="text-tone-quiet">{what}</dd>
									</div>
								))}
							</dl>
						</section>
					))}
				</div>
			</Dialog>
		</DialogRoot>
	);
}
