import { DropdownMenu } from "@cloudflare/kumo/components/dropdown";
import { useQuery } from "@tanstack/react-query";
import { useDensity } from "../settings/density.ts";
import { MODES, useMode } from "../theme/mode.ts";
import { COUNTDOWNS, useCountdown } from "../town/countdown.ts";
import { meRead } from "../user/reads.ts";
import { useKeySettings } from "./keys.ts";
import { openKeys } from "./page-keys.tsx";
import { YOU_BUTTON } from "./you-button.ts";

const MODE_WORDS = { system: "As the system", light: "Light", dark: "Dark" } as const;

/** Settings kept per person in this browser. */
export default function YouMenu() {
	const { data } = useQuery(meRead);
	const { mode, setMode } = useMode();
	const { single, setSingle } = useKeySettings();
	const { density, setDensity } = useDensity();
	const { seconds, setSeconds } = useCountdown();
	return (
		<DropdownMenu>
			<DropdownMenu.Trigger
				render={
					<button type="button" className={YOU_BUTTON}>
						You
					</button>
				}
			/>
			<DropdownMenu.Content align="end">
				{data ? (
					<div className="px-2 py-1.5 text-tone-quiet text-xs">
						{data.name}, {data.email}
					</div>
				) : null}
				<DropdownMenu.RadioGroup value={mode} onValueChange={(value) => setMode(value as typeof mode)}>
					{MODES.map((one) => (
						<DropdownMenu.RadioItem key={one} value={one}>
							{MODE_WORDS[one]}
						</DropdownMenu.RadioItem>
					))}
				</DropdownMenu.RadioGroup>
				<DropdownMenu.Separator />
				<DropdownMenu.CheckboxItem
					checked={density === "comfortable"}
					onCheckedChange={(on: boolean) => setDensity(on ? "comfortable" : "compact")}
				>
					Comfortable rows
				</DropdownMenu.CheckboxItem>
				<DropdownMenu.CheckboxItem checked={single} onCheckedChange={setSingle}>
					Single-key shortcuts
				</DropdownMenu.CheckboxItem>
				<DropdownMenu.Separator />
				<DropdownMenu.RadioGroup value={String(seconds)} onValueChange={(value) => setSeconds(Number(value))}>
					{COUNTDOWNS.map((one) => (
						<DropdownMenu.RadioItem key={one} value={String(one)}>
							{one === 0 ? "Usual time to cancel" : `${one} s to cancel`}
						</DropdownMenu.RadioItem>
					))}
				</DropdownMenu.RadioGroup>
				<DropdownMenu.Separator />
				<DropdownMenu.Item onClick={openKeys}>Keys (?)</DropdownMenu.Item>
			</DropdownMenu.Content>
		</DropdownMenu>
	);
}
