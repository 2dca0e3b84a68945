import { CheckIcon } from "@phosphor-icons/react/Check";
import { CopyIcon } from "@phosphor-icons/react/Copy";
import { useEffect, useState } from "react";
import { copy } from "./copy.ts";

/** Copies a text; `copied` holds for a second after it succeeded, and `Icon` is a check for as long. */
export function useCopy(): { copied: boolean; Icon: typeof CopyIcon; copyText: (text: string) => void } {
	const [copied, setCopied] = useState(false);
	useEffect(() => {
		if (!copied) return;
		const timer = setTimeout(() => setCopied(false), 1_000);
		return () => clearTimeout(timer);
	}, [copied]);
	return { copied, Icon: copied ? CheckIcon : CopyIcon, copyText: (text) => void copy(text).then(setCopied) };
}
