import { Input } from "@cloudflare/kumo/components/input";
import { useAction } from "./action-state.ts";

/** A value that goes to the town and is shown nowhere again (LEDGER-14). */
export function SecretField({ label }: { label: string }) {
	const secret = useAction((state) => state.secret);
	const setSecret = useAction((state) => state.setSecret);
	return (
		<Input
			label={label}
			type="password"
			value={secret}
			onChange={(event) => setSecret(event.target.value)}
			autoComplete="new-password"
			spellCheck={false}
		/>
	);
}
