import { thresholdsOf } from "../../shared/gastown/index.ts";
import { lookupOf, timeOf } from "../../shared/town-view/index.ts";
import { useOpenTown } from "../town/open-town.ts";
import { useNames } from "../town/use-names.ts";
import { duration, type Look, look, Status, Time, useNow } from "../ui/index.ts";
import { TownAction } from "./town-action.tsx";

type Hold = {
	what: string;
	is: Look;
	since?: string | null;
	more?: string;
	action?: React.ReactNode;
};

/** What keeps a ready bead from being started, in the order of the town's own rules; what does not is said, too. */
export function Holds() {
	const { view } = useOpenTown();
	const nameOf = useNames();
	const now = useNow();
	const town = lookupOf(view);
	const [billing, policy, drain] = [town.town("billing"), town.town("run_policy"), town.town("drain")];
	const [pause, circuit, reset] = [
		town.town("dispatch_pause"),
		town.town("circuit"),
		town.town("breaker_reset"),
	];
	const limits = thresholdsOf(town.town("config"));
	const who = (by: string | null | undefined) => (by ? `by ${nameOf(by) ?? by}` : "");
	const paused = policy?.policy === "paused_by_user";
	const resetAt = timeOf(reset?.at);
	const holds: Hold[] = [
		billing?.blocked
			? {
					what: "Billing",
					is: look("refused", "Blocked", "bad"),
					since: billing.since,
					more: billing.reason ?? "",
				}
			: { what: "Billing", is: look("done", "In order", "quiet") },
		paused
			? {
					what: "Container",
					is: look("paused", "Paused", "human"),
					since: policy.since,
					more: policy.order === null ? "by its owner, without an end" : who(policy.by),
					action: <TownAction name="container.resume" params={{ lift_users_pause: policy.order === null }} />,
				}
			: { what: "Container", is: look("done", "Not paused", "quiet") },
		pause
			? {
					what: "Dispatch",
					is: look("paused", "Paused", "human"),
					since: pause.since,
					more: `${who(pause.by)}, ${duration(Math.max(0, (timeOf(pause.until) ?? now) - now))} left`,
					action: <TownAction name="town.resume-dispatch" />,
				}
			: { what: "Dispatch", is: look("done", "Not paused", "quiet") },
		drain
			? {
					what: "Drain",
					is: look("changing", "Draining", "active"),
					since: drain.started_at,
					more: `ends after ${duration(limits.drain_clear_ms)} where nobody acknowledges it`,
					action: <TownAction name="town.clear-drain" />,
				}
			: { what: "Drain", is: look("done", "None", "quiet") },
		circuit
			? {
					what: "Circuit breaker",
					is: look("refused", "Open", "bad"),
					since: circuit.since,
					more: circuit.message,
					action: <TownAction name="town.reset-breaker" />,
				}
			: {
					what: "Circuit breaker",
					is: look("done", "Closed", "quiet"),
					more:
						resetAt !== null && now - resetAt < limits.circuit_window_ms
							? `reset ${who(reset?.by)} ${duration(now - resetAt)} ago`
							: "",
				},
	];
	return (
		<ul className="flex flex-col" aria-label="What holds it up">
			{holds.map(({ what, is, since, more, action }) => {
				const at = timeOf(since);
				return (
					<li
						key={what}
						className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 border-kumo-hairline border-b py-0.5"
					>
						<span className="w-28 text-tone-quiet">{what}</span>
						<Status look={is} className="w-28" />
						<span className="min-w-0 flex-1 break-words">
							{at === null ? null : (
								<>
									since <Time at={at} />{" "}
								</>
							)}
							{more}
						</span>
						{action}
					</li>
				);
			})}
		</ul>
	);
}
