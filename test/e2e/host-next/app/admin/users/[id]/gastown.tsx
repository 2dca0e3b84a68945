"use client";

import Script from "next/script";

/** Asked before each read; the server knows who looks. */
async function getToken(): Promise<string> {
	const answer = await fetch("/gastown-token");
	if (!answer.ok) throw new Error(`The admin's server answered ${answer.status}.`);
	return answer.text();
}

const withToken = (element: GastownSection | null) => {
	if (element) element.getToken = getToken;
};

/** `townwatch`: origin of the console, whose EMBED_ORIGINS names this dashboard's. */
export function Gastown({ userId, townwatch }: { userId: string; townwatch: string }) {
	return (
		<>
			<Script type="module" src={`${townwatch}/embed/gastown-section.js`} />
			<gastown-section user-id={userId} ref={withToken} />
		</>
	);
}
